// HubSpot's own client for Node, on v3.
"use strict";
const assert = require("node:assert/strict");
const { after, before, beforeEach, test } = require("node:test");
const { Client } = require("@hubspot/api-client");
const sandbox = require("./sandbox");

const NOT_LIMITED = { minTime: 0 };

let server;
let client;

before(async () => {
  server = await sandbox.start();
});

after(() => server.stop());

beforeEach(async () => {
  await server.reset({ contacts: 0 });
  client = new Client({ accessToken: "pat-any", basePath: server.url, limiterOptions: NOT_LIMITED });
});

async function create(...rows) {
  const inputs = rows.map((properties) => ({ properties, associations: [] }));
  const { results } = await client.crm.contacts.batchApi.create({ inputs });
  const ids = new Map(results.map((record) => [record.properties.email, record.id]));
  return rows.map((properties) => ids.get(properties.email));
}

test("contacts are made, read, changed, merged and deleted", async () => {
  const api = client.crm.contacts.basicApi;
  const made = await api.create({ properties: { email: "ada@example.org", city: "Lyon" }, associations: [] });
  assert.equal(made.properties.lifecyclestage, "lead");
  assert.ok(made.createdAt instanceof Date && !Number.isNaN(made.createdAt.getTime()));

  const read = await api.getById(made.id, ["city", "phone"], ["city"]);
  assert.deepEqual([read.properties.city, read.properties.phone], ["Lyon", null]);
  assert.equal(read.propertiesWithHistory.city[0].value, "Lyon");

  const changed = await api.update(made.id, { properties: { city: "Pune" } });
  assert.equal(changed.properties.city, "Pune");
  assert.ok(changed.updatedAt >= made.updatedAt);

  const [other] = await create({ email: "bob@example.org" });
  const merged = await client.crm.contacts.basicApi.merge({ primaryObjectId: made.id, objectIdToMerge: other });
  assert.equal((await api.getById(other)).id, merged.id);

  await api.archive(merged.id);
  await assert.rejects(api.getById(merged.id), (error) => error.code === 404 && error.body.category === "OBJECT_NOT_FOUND");
});

test("all contacts are paged through", async () => {
  await server.reset({ contacts: 250 });
  const contacts = await client.crm.contacts.getAll(100, undefined, ["email"]);
  assert.equal(contacts.length, 250);
  assert.equal(new Set(contacts.map((contact) => contact.id)).size, 250);
  const pages = (await server.requests()).filter((request) => request.path === "/crm/v3/objects/contacts");
  assert.equal(pages.length, 3);
});

test("batches read by id and by address, and tell who is missing", async () => {
  const [ada, bob] = await create({ email: "ada@example.org" }, { email: "bob@example.org", city: "Lyon" });
  const api = client.crm.contacts.batchApi;
  const all = await api.read({ inputs: [{ id: bob }, { id: ada }], properties: ["city"], propertiesWithHistory: [] });
  assert.deepEqual(all.results.map((record) => record.id).sort(), [ada, bob].sort());
  assert.equal(all.results.find((record) => record.id === bob).properties.city, "Lyon");

  const some = await api.read({
    idProperty: "email",
    inputs: [{ id: "ada@example.org" }, { id: "nobody@example.org" }],
    properties: ["email"],
    propertiesWithHistory: [],
  });
  assert.deepEqual(some.results.map((record) => record.id), [ada]);
  assert.equal(some.numErrors, 1);
  assert.deepEqual(some.errors[0].context.ids, ["nobody@example.org"]);
});

test("batches write: all or none without trace ids, in part with them", async () => {
  const [ada] = await create({ email: "ada@example.org" });
  const api = client.crm.contacts.batchApi;
  const taken = { properties: { email: "ada@example.org" }, associations: [] };
  const free = { properties: { email: "bob@example.org" }, associations: [] };
  await assert.rejects(api.create({ inputs: [free, taken] }), (error) => error.code === 409);

  const traced = [free, taken].map((input, index) => ({ ...input, objectWriteTraceId: String(index) }));
  const partial = await api.create({ inputs: traced });
  assert.deepEqual(partial.results.map((record) => record.properties.email), ["bob@example.org"]);
  assert.deepEqual(partial.errors[0].context.existingId, [ada]);
  assert.deepEqual(partial.errors[0].context.objectWriteTraceId, ["1"]);

  const updated = await api.update({
    inputs: [{ id: "1", properties: {} }, { id: ada, properties: { city: "Oslo" } }],
  });
  assert.deepEqual(updated.results.map((record) => record.properties.city), ["Oslo"]);
  assert.deepEqual(updated.errors[0].context.ids, ["1"]);

  const upserted = await api.upsert({
    inputs: ["ada", "eve"].map((name) => ({ id: `${name}@example.org`, idProperty: "email", properties: { city: name } })),
  });
  assert.deepEqual(upserted.results.map((record) => record._new).sort(), [false, true]);
});

test("search filters, sorts and pages", async () => {
  await create(...[1, 2, 3, 4, 5].map((number) => ({ email: `p${number}@example.org`, lead_score: String(number) })));
  const request = {
    filterGroups: [{ filters: [{ propertyName: "lead_score", operator: "GTE", value: "2" }] }],
    sorts: ["-lead_score"],
    properties: ["lead_score"],
    limit: 3,
    after: "0",
  };
  const first = await client.crm.contacts.searchApi.doSearch(request);
  assert.equal(first.total, 4);
  assert.deepEqual(first.results.map((record) => record.properties.lead_score), ["5", "4", "3"]);
  const second = await client.crm.contacts.searchApi.doSearch({ ...request, after: first.paging.next.after });
  assert.deepEqual(second.results.map((record) => record.properties.lead_score), ["2"]);
  await assert.rejects(
    client.crm.contacts.searchApi.doSearch({ ...request, sorts: ["nothing"] }),
    (error) => error.code === 400 && error.body.category === "VALIDATION_ERROR",
  );
});

const LYON = {
  filterBranchType: "OR",
  filterBranchOperator: "OR",
  filters: [],
  filterBranches: [
    {
      filterBranchType: "AND",
      filterBranchOperator: "AND",
      filterBranches: [],
      filters: [
        {
          filterType: "PROPERTY",
          property: "city",
          operation: {
            operationType: "MULTISTRING",
            operator: "IS_EQUAL_TO",
            values: ["Lyon"],
            includeObjectsWithNoValueSet: false,
          },
        },
      ],
    },
  ],
};

test("lists with filters have their members, and their filters come back", async () => {
  const [lyon] = await create({ email: "a@example.org", city: "Lyon" }, { email: "b@example.org", city: "Pune" });
  const { listsApi, membershipsApi } = client.crm.lists;
  const body = { name: "Lyon", objectTypeId: "0-1", processingType: "DYNAMIC", filterBranch: LYON };
  const { list } = await listsApi.create(body);
  assert.deepEqual([typeof list.listId, list.size], ["string", 1]);

  const read = (await listsApi.getById(list.listId, true)).list;
  const [branch] = read.filterBranch.filterBranches;
  assert.deepEqual(branch.filterBranches, []);
  assert.deepEqual(branch.filters[0].operation.values, ["Lyon"]);

  const members = await membershipsApi.getPage(list.listId);
  assert.deepEqual(members.results.map((member) => member.recordId), [lyon]);
  assert.ok(members.results[0].membershipTimestamp instanceof Date);

  // What came back can be sent again.
  const copy = { ...body, name: "Copy", filterBranch: read.filterBranch };
  assert.equal((await listsApi.create(copy)).list.size, 1);

  await listsApi.remove(list.listId);
  assert.ok((await listsApi.getById(list.listId)).list.deletedAt instanceof Date);
  await listsApi.restore(list.listId);
  const found = await listsApi.doSearch({ query: "lyon", additionalProperties: ["hs_list_size"], offset: 0 });
  assert.deepEqual(found.lists.map((each) => each.additionalProperties.hs_list_size), ["1"]);
});

test("lists by hand take members, and tell a record's lists", async () => {
  const [one, two] = await create({ email: "a@example.org" }, { email: "b@example.org" });
  const { listsApi, membershipsApi } = client.crm.lists;
  const { list } = await listsApi.create({ name: "Hand-made", objectTypeId: "0-1", processingType: "MANUAL" });
  const added = await membershipsApi.add(list.listId, [one, two, "1"]);
  assert.deepEqual([added.recordsIdsAdded, added.recordIdsMissing], [[one, two], ["1"]]);
  const of_record = await membershipsApi.getLists("0-1", two);
  assert.deepEqual(of_record.results.map((membership) => membership.listId), [list.listId]);
  const removed = await membershipsApi.remove(list.listId, [one]);
  assert.deepEqual(removed.recordIdsRemoved, [one]);
});

test("timeline templates have tokens and events", async () => {
  const developer = new Client({ developerApiKey: "dev-key", basePath: server.url, limiterOptions: NOT_LIMITED });
  const { templatesApi, tokensApi } = developer.crm.timeline;
  const made = await templatesApi.create(6543, {
    name: "Webinar",
    objectType: "contacts",
    headerTemplate: "Saw {{title}}",
    tokens: [{ name: "title", label: "Title", type: "string", options: [] }],
  });
  const token = await tokensApi.create(made.id, 6543, {
    name: "size",
    label: "Size",
    type: "enumeration",
    options: [{ label: "Large", value: "large" }],
  });
  assert.deepEqual([token.name, token.options.length], ["size", 1]);
  const changed = await tokensApi.update(made.id, "size", 6543, { label: "How large", options: [] });
  assert.deepEqual([changed.label, changed.options], ["How large", []]);
  await tokensApi.archive(made.id, "size", 6543);
  const read = await templatesApi.getById(made.id, 6543);
  assert.deepEqual(read.tokens.map((each) => each.name), ["title"]);

  const { eventsApi } = client.crm.timeline;
  const event = await eventsApi.create({
    eventTemplateId: made.id,
    id: "e1",
    email: "ada@example.org",
    tokens: { title: "Engines" },
  });
  assert.deepEqual([event.id, event.tokens.title], ["e1", "Engines"]);
  assert.ok(event.createdAt instanceof Date);
  assert.equal((await eventsApi.getById(made.id, "e1")).email, "ada@example.org");
});

test("retries follow a secondly limit and failures of the server", async () => {
  const patient = new Client({
    accessToken: "pat-any",
    basePath: server.url,
    limiterOptions: NOT_LIMITED,
    numberOfApiCallRetries: 3,
  });
  await server.reset({ contacts: 3 });
  await server.fault({ kind: "rate_limit", policy: "SECONDLY" });
  await server.fault({ kind: "status", status: 502 });
  const page = await patient.crm.contacts.basicApi.getPage(10);
  assert.equal(page.results.length, 3);
  assert.equal((await server.requests()).length, 3);

  await server.reset({ contacts: 3 });
  await server.fault({ kind: "rate_limit", policy: "DAILY", times: 9 });
  await assert.rejects(patient.crm.contacts.basicApi.getPage(10), (error) => error.code === 429);
  assert.equal((await server.requests()).length, 1);
});

test("OAuth refreshes an access token", async () => {
  const app = { client_id: "app", client_secret: "secret", refresh_token: "refresh" };
  await server.reset({ contacts: 1, oauth: app });
  const tokens = await client.oauth.tokensApi.create("refresh_token", undefined, undefined, "app", "secret", "refresh");
  client.setAccessToken(tokens.accessToken);
  assert.equal((await client.crm.contacts.basicApi.getPage(10)).results.length, 1);
  assert.ok(tokens.expiresIn > 0);
});
