// The sandbox's page in a headless Chromium: each pane does what it says, by mouse and by keyboard.
"use strict";
const assert = require("node:assert/strict");
const { readFile, writeFile } = require("node:fs/promises");
const { after, afterEach, before, beforeEach, describe, it } = require("node:test");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { chromium } = require("playwright-core");
const sandbox = require("../clients/sandbox.js");

const HEADERS = { Authorization: "Bearer a-secret-token", "Content-Type": "application/json" };
const CONTACTS = "/crm/objects/2026-09/contacts";

describe("the page of a sandbox", () => {
  let server, browser, page, problems;

  before(async () => {
    server = await sandbox.start("--contacts", "120", "--companies", "3", "--seed", "3");
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: ["--no-sandbox"],
    });
  });

  after(async () => {
    await browser.close();
    await server.stop();
  });

  beforeEach(async () => {
    await server.reset({ contacts: 120, companies: 3, seed: 3 });
    problems = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(10000);
    page.on("console", message => {
      // A browser tells of an answer of 400, which the page shows.
      if (["error", "warning"].includes(message.type()) && !/status of 400/.test(message.text())) {
        problems.push(message.text());
      }
    });
    page.on("pageerror", error => problems.push(error.message));
    page.on("request", request => {
      if (!request.url().startsWith(server.url + "/_sandbox/") && !request.url().startsWith("data:")) {
        problems.push("request to " + request.url());
      }
    });
  });

  afterEach(async () => {
    await page.close();
    assert.deepEqual(problems, []);
  });

  const ask = async (method, target, body) => {
    const response = await fetch(server.url + target, {
      method, headers: HEADERS, body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.text() };
  };

  const open = async pane => {
    await page.goto(server.url + "/_sandbox/#" + (pane || "requests"));
    await page.waitForSelector(`#${pane || "requests"}:not([hidden])`);
  };

  const text = selector => page.textContent(selector);
  // Waits for the message of what is done, and not of something before it.
  const does = async (doing, message) => {
    await page.evaluate(() => { document.getElementById("status").textContent = ""; });
    await doing();
    await told(message);
  };
  const told = message => page.waitForFunction(
    wanted => document.getElementById("status").textContent.includes(wanted), message);
  const has = (selector, wanted) => page.waitForFunction(
    ([where, what]) => (document.querySelector(where) || {}).textContent?.includes(what), [selector, wanted]);

  it("is one document with a policy, and JSON for programs", async () => {
    const browserLike = { headers: { accept: "text/html" } };
    const response = await fetch(server.url + "/_sandbox/", browserLike);
    const policy = response.headers.get("content-security-policy");
    assert.match(policy, /^default-src 'none'; script-src 'nonce-\d{20,}'; .*connect-src 'self'/);
    const document = await response.text();
    assert.ok(document.length < 65536);
    assert.doesNotMatch(document, /(src|href)="https?:/);
    const again = await fetch(server.url + "/_sandbox/", browserLike);
    assert.notEqual(again.headers.get("content-security-policy"), policy);
    const listed = await (await fetch(server.url + "/_sandbox")).json();
    assert.ok(listed.endpoints.length > 20);
  });

  it("shows requests as they come, and one with its headers, bodies and answer", async () => {
    await open();
    await ask("GET", CONTACTS + "/4127");
    await page.waitForSelector("#request-rows .row");
    await ask("POST", CONTACTS, { properties: { email: "it's@example.org", city: "Łódź" } });
    await page.click("#request-rows .row:nth-child(2)");
    await has("#answer-body", "it's@example.org");
    assert.match(await text("#request-body"), /^{\n {2}"properties": {\n {4}"email": "it's@example.org"/);
    assert.match(await text("#request-detail"), /Bearer \[hidden\]/);
    assert.doesNotMatch(await page.content(), /a-secret-token/);
    await page.click("#as-curl");
    assert.equal(await text("#as-text"), `curl -X POST '${server.url}${CONTACTS}' \\\n`
      + `  -H "Authorization: Bearer $HUBSPOT_TOKEN" \\\n  -H 'Content-Type: application/json' \\\n`
      + `  --data-raw '{"properties":{"email":"it'\\''s@example.org","city":"Łódź"}}'`);
    await page.click("#as-lua");
    assert.match(await text("#as-text"), /client:request {\n {2}method = "POST",\n {2}path = "\/crm\/objects/);
  });

  it("gives commands and programs that do the same again", async () => {
    const { execFile } = require("node:child_process");
    const run = (command, args) => new Promise((resolve, reject) => {
      const root = path.join(__dirname, "..", "..");
      const env = { ...process.env, HUBSPOT_TOKEN: "again" };
      execFile(command, args, { cwd: root, env }, (error, out, err) => error ? reject(new Error(err)) : resolve(out));
    });
    await open();
    await ask("POST", CONTACTS + "/search?x=a%20b&x=%22", { query: 'a"\\\n', limit: 7, sorts: [], properties: ["end", "email"] });
    await page.click("#request-rows .row:first-child");
    for (const kind of ["curl", "lua"]) {
      await page.click("#as-" + kind);
      const program = await text("#as-text");
      if (kind === "curl") await run("sh", ["-c", program + " -sf"]);
      else await run(process.env.LUA || "lua5.4", ["-e", program]);
    }
    const requests = await server.requests();
    assert.equal(requests.length, 3);
    for (const again of requests.slice(1)) {
      assert.deepEqual([again.method, again.path], [requests[0].method, requests[0].path]);
      assert.deepEqual(JSON.parse(again.body), JSON.parse(requests[0].body));
      assert.deepEqual([...new URLSearchParams(again.query)], [...new URLSearchParams(requests[0].query)]);
    }
  });

  it("names the fault, and the nearest route of a path that is not there", async () => {
    await server.fault({ kind: "html", path: "/4127" });
    await open();
    await ask("GET", CONTACTS + "/4127");
    await ask("GET", "/crm/object/2026-09/contacts");
    await has("#request-rows .row:nth-child(1)", "html");
    await page.click("#request-rows .row:nth-child(2)");
    await has("#nearest", "GET /crm/objects/{D}/{objectType}");
    assert.match(await text("#request-rows .row:nth-child(1)"), /502/);
  });

  it("filters by path and status, and forgets", async () => {
    await open();
    for (const id of [4127, 1, 2]) await ask("GET", CONTACTS + "/" + id);
    await has("#requests-count", "3 requests");
    await page.selectOption("#filter-status", "4");
    await has("#requests-count", "2 of 3 requests");
    await page.selectOption("#filter-status", "");
    await page.fill("#filter-path", "/4127");
    await has("#requests-count", "1 of 3 requests");
    await page.click("#clear-requests");
    await has("#requests-count", "0 requests");
    assert.deepEqual(await server.requests(), []);
    await ask("GET", CONTACTS + "/4127");
    await has("#requests-count", "1 requests");
  });

  it("is used by keyboard alone", async () => {
    await open();
    for (const id of [4127, 1]) await ask("GET", CONTACTS + "/" + id);
    await has("#requests-count", "2 requests");
    await page.focus("#request-grid");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const selected = await page.getAttribute("#request-grid", "aria-activedescendant");
    assert.equal(await page.getAttribute("#" + selected, "aria-selected"), "true");
    await page.keyboard.press("Enter");
    await has("#request-detail h2", CONTACTS + "/1");
    await page.keyboard.press("Escape");
    assert.equal(await page.isVisible("#request-detail"), false);
    await page.focus("#tab-requests");
    await page.keyboard.press("ArrowRight");
    await page.waitForSelector("#records:not([hidden])");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-records");
    const unnamed = await page.evaluate(() => [...document.querySelectorAll("input, select, button, [role=region], [role=grid]")]
      .filter(node => !(node.textContent.trim() || node.labels?.length || node.getAttribute("aria-label")))
      .map(node => node.outerHTML));
    assert.deepEqual(unnamed, []);
  });

  it("finds, edits, archives, restores and merges records", async () => {
    await open("records");
    await has("#records-count", "120 records");
    await page.click("#records-next");
    await page.waitForFunction(() => !document.getElementById("records-previous").disabled);
    await page.click("#records-previous");
    await page.click("#record-table tbody tr:first-child button");
    await has("#record-detail h2", "contacts 4127");
    await page.fill("#property-table input[aria-label=city]", "Tromsø");
    await page.click("#save");
    await told("Saved.");
    await has("#property-table", "Tromsø");
    assert.match((await ask("GET", CONTACTS + "/4127?properties=city")).body, /"city":"Tromsø"/);
    assert.match(await text("#property-table details"), /2 versions.*IMPORT/s);
    await page.fill("#property-table input[aria-label=city]", "x");
    await page.fill("#property-table input[aria-label='Another property']", "no_such_property");
    await page.fill("#property-table input[aria-label='Its value']", "1");
    await page.click("#save");
    await told("no_such_property");

    const other = await text("#record-table tbody tr:nth-child(2) button");
    await page.fill("#merge-id", other);
    await page.click("#merge");
    await told("was merged into 4127");
    assert.match(await text("#merged-ids"), new RegExp(other));
    await has("#records-count", "119 records");
    const merged = (await text("#record-detail h2")).split(" ")[1];
    await page.click("#archive");
    await told(merged + " is archived");
    await has("#records-count", "118 records");
    await page.check("#record-archived");
    await has("#records-count", "1 record");
    await page.click("#record-table tbody button");
    await page.click("#restore");
    await told(merged + " is back");
    await page.uncheck("#record-archived");
    await page.fill("#record-query", merged);
    await page.keyboard.press("Enter");
    await has("#record-detail h2", "contacts " + merged);
    await page.click("#record-detail button.link");
    await has("#record-detail h2", "companies");
  });

  it("shows lists and their members", async () => {
    await ask("POST", "/crm/lists/2026-09", { name: "By hand", objectTypeId: "0-1", processingType: "MANUAL" });
    const ids = (await (await fetch(server.url + "/_sandbox/records/contacts?limit=60")).json()).results.map(row => row.id);
    await ask("PUT", "/crm/lists/2026-09/61/memberships/add", ids);
    await open("lists");
    await page.click("#list-table button");
    await has("#list-detail", "60 members");
    await page.click("#list-detail button:has-text('Next')");
    await page.waitForFunction(() => document.querySelectorAll("#member-table tbody tr").length === 10);
    const id = await text("#member-table tbody button");
    await page.click("#member-table tbody button");
    await has("#record-detail h2", "contacts " + id);
  });

  it("asks for faults, shows those that wait, and clears them", async () => {
    await open("faults");
    await page.selectOption("#fault-kind", "status");
    await page.fill("#fault-form [name=path]", "/contacts*");
    await page.fill("#fault-form [name=status]", "503");
    await page.fill("#fault-form [name=times]", "2");
    await page.click("#fault-form button");
    await told("waits");
    assert.match(await text("#fault-table tbody"), /status.*\/contacts\*.*2.*0.*status 503/s);
    assert.equal((await ask("GET", CONTACTS)).status, 503);
    await page.waitForFunction(() => document.querySelector("#fault-table tbody td.number")?.textContent === "1");
    await page.selectOption("#fault-kind", "multi_status");
    await page.fill("#fault-form [name=status]", "");
    await page.fill("#fault-form [name=path]", "batch/update");
    await page.fill("#fault-form [name=indexes]", "1, 2");
    await page.check("#fault-form [name=together]");
    await does(() => page.click("#fault-form button"), "waits");
    const { waiting } = await (await fetch(server.url + "/_sandbox/faults")).json();
    assert.deepEqual(waiting[1], {
      kind: "multi_status", path: "batch/update", times: 2, after: 0, indexes: [1, 2], together: true,
    });
    await page.click("#clear-faults");
    await told("No fault waits");
    assert.equal((await ask("GET", CONTACTS)).status, 200);
  });

  it("shows the quotas, and changes them", async () => {
    await open("quota");
    await has("#general-text", "nothing is refused");
    await page.fill("#general-limit", "2");
    await page.check("#general-enforced");
    await told("The quota is changed");
    for (let index = 0; index < 4; index++) await ask("GET", CONTACTS);
    await has("#general-text", "2 of 2 in the last 10 s; 2 refused with 429");
    await page.uncheck("#general-enforced");
    await has("#general-text", "nothing is refused");
    assert.equal((await ask("GET", CONTACTS)).status, 200);
  });

  it("moves the clock, and sets the search lag", async () => {
    await open("clock");
    const clock = async () => (await (await fetch(server.url + "/_sandbox/clock")).json());
    const before = (await clock()).time;
    await page.click("[data-advance='86400']");
    await told("86400 s ahead");
    assert.ok((await clock()).time >= before + 86400000);
    assert.equal(await text("#clock-time"), new Date((await clock()).time).toISOString().slice(0, 19).replace("T", " ") + " UTC");
    await page.fill("#lag-seconds", "7");
    await page.click("#lag-form button");
    await told("search lag is set");
    assert.equal((await clock()).search_lag, 7);
  });

  it("starts over, exports and imports", async () => {
    await open("portal");
    await page.fill("#reset-contacts", "5");
    await page.fill("#reset-seed", "9");
    await page.click("#reset-form button");
    await told("started over");
    const records = async () => (await fetch(server.url + "/_sandbox/records/contacts?limit=100")).text();
    const small = await records();
    assert.equal(JSON.parse(small).total, 5);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
    const file = path.join(tmpdir(), `sandbox-${process.pid}.json`);
    await writeFile(file, await readFile(await download.path()));
    await server.reset({ contacts: 1 });
    await page.setInputFiles("#import-file", file);
    await does(() => page.click("#import-form button"), "started over");
    assert.equal(await records(), small);
    await writeFile(file, '{"ships":1}');
    await page.setInputFiles("#import-file", file);
    await page.click("#import-form button");
    await told("unknown part of fixtures: ships");
  });

  it("shows one of several accounts at a time", async () => {
    await server.stop();
    server = await sandbox.start("--contacts", "2", "--portal", "11", "--portal", "22", "--token", "a", "--token", "22/b");
    await fetch(server.url + CONTACTS, { headers: { Authorization: "Bearer a" } });
    await open();
    await has("#requests-count", "1 requests");
    await page.selectOption("#portal-id", "22");
    await has("#requests-count", "0 requests");
    await fetch(server.url + CONTACTS, { headers: { Authorization: "Bearer b" } });
    await has("#requests-count", "1 requests");
    assert.match(await page.getAttribute("#export", "href"), /portal=22$/);
    await page.click("#tab-records");
    await page.click("#record-table tbody button");
    await page.click("#archive");
    await told("is archived");
    const count = async id => (await (await fetch(`${server.url}/_sandbox/records/contacts?portal=${id}`)).json()).total;
    assert.deepEqual([await count(11), await count(22)], [2, 1]);
    await page.goto("about:blank");
    await server.stop();
    server = await sandbox.start("--contacts", "120", "--companies", "3", "--seed", "3");
  });

  it("fits screens of 390 and 1280 pixels, light and dark", async () => {
    await ask("GET", CONTACTS + "/4127?properties=" + "a".repeat(300));
    for (const width of [390, 1280]) {
      for (const colorScheme of ["light", "dark"]) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme });
        for (const pane of ["requests", "records", "lists", "faults", "quota", "clock", "portal"]) {
          await open(pane);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${pane} is ${wide} pixels wide at ${width}`);
        }
      }
    }
  });

  it("stays usable with 100,000 requests and 100,000 contacts", async () => {
    await server.stop();
    server = await sandbox.start_by(path.join("spec", "page", "full_sandbox.lua"));
    await open();
    await has("#requests-count", "100000 requests");
    assert.ok(await page.evaluate(() => document.querySelectorAll("#request-rows .row").length) < 100);
    await page.fill("#filter-path", "/99999");
    await has("#requests-count", "1 of 100000 requests");
    await page.fill("#filter-path", "");
    await page.focus("#request-grid");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await has("#request-detail h2", "/100000");
    await page.click("#tab-records");
    await has("#records-count", "100000 records");
    await page.fill("#record-query", "ada");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /^[1-9]\d{2,4} records/.test(document.getElementById("records-count").textContent));
  });
});
