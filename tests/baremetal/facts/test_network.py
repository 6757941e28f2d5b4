"""Routes and taken ports, as the kernel prints them."""

from __future__ import annotations

from baremetal.facts.network import parse

SAMPLE = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
tun0\t0000600A\t00000000\t0001\t0\t0\t0\t0000F0FF\t0\t0\t0
mfpods0\t0000F40A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
ports
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2342 1
   1: 0100007F:88B8 0100007F:C1DE 01 00000000:00000000 00:00000000 00000000     0        0 2343 1
  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000
"""


def test_default_interface_and_networks_are_read() -> None:
    network = parse(SAMPLE)
    assert network.default_interface == "eth0"
    assert [str(route.network) for route in network.routes] == ["0.0.0.0/0", "10.96.0.0/12", "10.244.0.0/16"]


def test_only_listening_sockets_take_a_port_over_both_families() -> None:
    assert parse(SAMPLE).listening == {2024, 80}


def test_overlapping_networks_of_others_are_conflicts() -> None:
    network = parse(SAMPLE)
    (route,) = network.conflicts("10.96.0.0/16", ours=frozenset({"mfpods0"}))
    assert route.interface == "tun0"
    assert network.conflicts("10.244.0.0/16", ours=frozenset({"mfpods0"})) == ()
    assert network.conflicts("10.244.0.0/16", ours=frozenset())


def test_machine_without_any_route_is_no_error() -> None:
    network = parse("Iface\tDestination\nports\n")
    assert (network.default_interface, network.listening) == ("", frozenset())
