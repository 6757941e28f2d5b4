// Answers every request with a rendered greeting.
const http = require("node:http");
const mustache = require("mustache");

const application = JSON.parse(process.env.VCAP_APPLICATION || "{}");
const port = Number(process.env.PORT || 8080);

const server = http.createServer((request, response) => {
  if (request.url === "/healthz") {
    response.end("ok\n");
    return;
  }
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(mustache.render("Hello from Node {{version}}, I am {{name}}\n", {
    version: process.versions.node,
    name: application.application_name || "hello-node",
  }));
});

server.listen(port, () => console.log(`hello-node listens on ${port}`));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
