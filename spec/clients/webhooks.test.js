// HubSpot's own client takes the signatures of the sandbox's webhooks.
"use strict";
const assert = require("node:assert/strict");
const http = require("node:http");
const { it } = require("node:test");
const { Signature } = require("@hubspot/api-client");
const sandbox = require("./sandbox.js");

const clientSecret = "the-client-secret";

it("the signatures of webhooks are valid to HubSpot's client", async () => {
  const came = [];
  let arrived;
  const receiver = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => { body += piece; });
    request.on("end", () => {
      came.push({ body, headers: request.headers, url: `http://${request.headers.host}${request.url}` });
      response.writeHead(204).end();
      arrived();
    });
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${receiver.address().port}/hook?a=b`;
  const server = await sandbox.start("--contacts", "3", "--webhook", url, "--client-secret", clientSecret);
  const headers = { Authorization: "Bearer x", "Content-Type": "application/json" };
  for (const [method, path, properties] of [
    ["POST", "", { email: "zoë@example.org".replace("ë", "e"), firstname: "Zoë" }],
    ["PATCH", "/4127", { city: "Łódź" }],
  ]) {
    const delivered = new Promise((resolve) => { arrived = resolve; });
    const response = await fetch(`${server.url}/crm/objects/2026-09/contacts${path}`, {
      method, headers, body: JSON.stringify({ properties }),
    });
    assert.ok(response.ok);
    await delivered;
  }
  await server.stop();
  receiver.close();
  assert.deepEqual(came.map(({ body }) => JSON.parse(body)[0].subscriptionType), [
    "contact.creation",
    "contact.propertyChange",
  ]);
  for (const { body, headers: sent, url: called } of came) {
    const common = { clientSecret, requestBody: body, url: called, method: "POST" };
    assert.ok(Signature.isValid({
      ...common, signatureVersion: "v1", signature: sent["x-hubspot-signature"],
    }));
    const v3 = {
      ...common,
      signatureVersion: "v3",
      signature: sent["x-hubspot-signature-v3"],
      timestamp: Number(sent["x-hubspot-request-timestamp"]),
    };
    assert.ok(Signature.isValid(v3));
    assert.ok(!Signature.isValid({ ...v3, requestBody: body + " " }));
  }
});
