// Starts the sandbox command in a process of its own, and steers it through its control endpoints.
"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const readline = require("node:readline");

const ROOT = path.join(__dirname, "..", "..");

// Gives `{ url, fault, requests, reset, stop }`; the server ends with this process, which holds its standard input.
const start = (...options) => start_by("bin/hubspot-lua", "sandbox", "--exit-with-stdin", ...options);

// The same of another program in Lua, which prints the same line.
async function start_by(...command) {
  const server = spawn(process.env.LUA || "lua5.4", command, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let url;
  for await (const line of readline.createInterface({ input: server.stdout })) {
    [, url] = line.match(/^HubSpot sandbox with .* on (\S+)$/) || [];
    break;
  }
  if (!url) throw new Error("the sandbox did not start");

  async function control(method, name, value) {
    const response = await fetch(`${url}/_sandbox/${name}`, {
      method,
      body: value === undefined ? undefined : JSON.stringify(value),
      headers: value === undefined ? {} : { "Content-Type": "application/json" },
    });
    if (!response.ok) throw new Error(`${method} ${name}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }

  return {
    url,
    fault: (fault) => control("POST", "faults", fault),
    requests: () => control("GET", "requests"),
    async reset(options_of_portal) {
      await control("POST", "reset", options_of_portal);
      await control("DELETE", "requests");
    },
    stop() {
      server.stdin.end();
      return ended;
    },
  };
}

module.exports = { start, start_by };
