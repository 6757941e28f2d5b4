"""What the parameters of a bucket's URL and the environment come to; nothing is connected to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.backend.choose import open_backend
from engine.backend.store_url import open_azure, open_gs, open_s3
from engine.errors import EngineError, UnsupportedError

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "word", "HOME": "/nonexistent"}


@pytest.mark.parametrize(
    ("url", "endpoint", "virtual"),
    [
        ("s3://b", None, True),
        ("s3://b.with.dots", None, False),
        ("s3://b?region=eu-west-1&awssdk=v2", None, True),
        ("s3://b/x?endpoint=minio:9000&disableSSL=true&s3ForcePathStyle=true", "http://minio:9000", False),
        ("s3://b?endpoint=minio:9000&use_path_style=true", "https://minio:9000", False),
        ("s3://b?endpoint=http://minio:9000/", "http://b.minio:9000", True),
    ],
)
def test_the_endpoint_of_a_bucket_is_what_pulumi_makes_of_it(url, endpoint, virtual):
    config = open_s3(url, KEYS).config
    assert config.get("endpoint") == endpoint
    assert str(config["virtual_hosted_style_request"]).lower() == str(virtual).lower()


def test_the_folder_of_a_url_is_the_prefix_of_all_keys():
    assert str(open_s3("s3://b/team/a/", KEYS).prefix) == "team/a"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://b?dualstack=true", "parameter 'dualstack'"),
        ("gs://b?access_id=x", "parameter 'access_id'"),
        ("azblob://b?storage_account=x&colour=red", "parameter 'colour'"),
        ("s3://", "names no bucket"),
        ("s3://b?s3ForcePathStyle=maybe", "neither true nor false"),
        ("azblob://b", "names no storage account"),
        ("postgres://db", "knows file://DIR, s3://"),
        ("https://app.pulumi.com", "is not supported"),
    ],
)
def test_what_is_not_known_is_refused_by_name(url, words):
    with pytest.raises(EngineError, match=words):
        open_backend(url, KEYS, Path())


def test_azure_takes_account_and_key_from_where_pulumi_does():
    key = "a2V5"
    text = f"DefaultEndpointsProtocol=https;AccountName=acc;AccountKey={key};EndpointSuffix=core.windows.net"
    assert open_azure("azblob://c", {"AZURE_STORAGE_CONNECTION_STRING": text}).config["account_name"] == "acc"
    named = open_azure(
        "azblob://c?storage_account=other&domain=blob.core.chinacloudapi.cn",
        {"AZURE_STORAGE_KEY": key, "AZURE_STORAGE_ACCOUNT": "acc"},
    )
    assert named.config["endpoint"] == "https://other.blob.core.chinacloudapi.cn"


def test_google_takes_a_token(tmp_path):
    assert open_gs("gs://b/x", {"GOOGLE_OAUTH_ACCESS_TOKEN": "t"}).config["bearer_token"] == "t"
    with pytest.raises(EngineError, match=r"unable to open bucket gs://b: "):
        open_backend("gs://b", {"GOOGLE_CREDENTIALS": "{}"}, tmp_path)


def test_a_profile_brings_keys_and_region(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text("[team]\naws_access_key_id = k\naws_secret_access_key = s\n")
    (tmp_path / ".aws/config").write_text(
        "[profile team]\nregion = eu-north-1\n[profile sso]\nsso_start_url = https://x\n[default]\nregion = us-west-2\n"
    )
    home = {"HOME": str(tmp_path)}
    config = open_s3("s3://b?profile=team", home).config
    assert (config["access_key_id"], config["region"]) == ("k", "eu-north-1")
    assert open_s3("s3://b", {**KEYS, **home}).config["access_key_id"] == "key"
    with pytest.raises(UnsupportedError, match="sso_start_url"):
        open_s3("s3://b", {**home, "AWS_PROFILE": "sso"})
    with pytest.raises(EngineError, match="profile 'lost' is in neither"):
        open_s3("s3://b?profile=lost", home)


def test_the_library_is_not_loaded_for_those_who_do_not_use_it():
    code = "import sys, engine.command.main, engine.backend.file; print('obstore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
