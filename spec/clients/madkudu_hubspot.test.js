// MadKudu's client for Node, on v1.
"use strict";
const assert = require("node:assert/strict");
const { after, before, beforeEach, test } = require("node:test");
const Hubspot = require("hubspot");
const sandbox = require("./sandbox");

const NOT_LIMITED = { minTime: 0 };

let server;
let client;

before(async () => {
  server = await sandbox.start();
});

after(() => server.stop());

beforeEach(async () => {
  await server.reset({ contacts: 0, v1_lists: true, campaigns: 3, email_events: 10 });
  client = new Hubspot({
    accessToken: "pat-any",
    baseUrl: server.url,
    checkLimit: false,
    limiter: NOT_LIMITED,
  });
});

const properties_of = (values) => ({
  properties: Object.entries(values).map(([property, value]) => ({ property, value })),
});

const create = async (values) => (await client.contacts.create(properties_of(values))).vid;

const fails_with = (status) => (error) => error.statusCode === status;

test("contacts are made, read, changed and deleted", async () => {
  const vid = await create({ email: "ada@example.org", firstname: "Ada" });
  assert.equal(typeof vid, "number");
  const read = await client.contacts.getById(vid);
  assert.equal(read.properties.firstname.value, "Ada");
  assert.equal(read.properties.firstname.versions[0].value, "Ada");

  await client.contacts.update(vid, properties_of({ firstname: "A." }));
  assert.equal((await client.contacts.getByEmail("ada@example.org")).properties.firstname.value, "A.");
  const again = await client.contacts.createOrUpdate("ada@example.org", properties_of({ city: "Lyon" }));
  assert.deepEqual([again.vid, again.isNew], [vid, false]);
  await assert.rejects(create({ email: "ada@example.org" }), fails_with(409));

  assert.equal((await client.contacts.delete(vid)).deleted, true);
  await assert.rejects(client.contacts.getById(vid), fails_with(404));
});

test("batches are written and read", async () => {
  const one = await create({ email: "a@example.org" });
  await client.contacts.createOrUpdateBatch([
    { vid: one, ...properties_of({ city: "Lyon" }) },
    { email: "b@example.org", ...properties_of({ city: "Pune" }) },
  ]);
  const by_email = await client.contacts.getByEmailBatch(["a@example.org", "b@example.org", "c@example.org"]);
  const cities = Object.values(by_email).map((contact) => contact.properties.city.value);
  assert.deepEqual(cities.sort(), ["Lyon", "Pune"]);
  assert.deepEqual(Object.keys(await client.contacts.getByIdBatch([one, 1])), [String(one)]);
});

test("contacts are paged through, searched and merged", async () => {
  await server.reset({ contacts: 45, contacts_changed_at: Date.now() });
  const vids = [];
  let page;
  do {
    page = await client.contacts.getAll({ count: 20, vidOffset: page && page["vid-offset"] });
    vids.push(...page.contacts.map((contact) => contact.vid));
  } while (page["has-more"]);
  assert.equal(new Set(vids).size, 45);
  const recent = await client.contacts.getRecentlyModified({ count: 5 });
  assert.equal(recent.contacts.length, 5);

  const one = await create({ email: "quaxly@example.org" });
  const other = await create({ email: "quaxly.b@example.org" });
  assert.equal((await client.contacts.search("quaxly")).total, 2);
  assert.equal(await client.contacts.merge(one, other), "SUCCESS");
  const [left, same] = await Promise.all([client.contacts.getById(one), client.contacts.getById(other)]);
  assert.equal(left.vid, same.vid);
});

test("lists are made, filled and read", async () => {
  const list = await client.lists.create({ name: "Trial users" });
  const vid = await create({ email: "a@example.org" });
  const added = await client.lists.addContacts(list.listId, { vids: [vid], emails: ["nobody@example.org"] });
  assert.deepEqual([added.updated, added.invalidEmails], [[vid], ["nobody@example.org"]]);
  const members = await client.lists.getContacts(list.listId, { count: 5 });
  assert.deepEqual(members.contacts.map((contact) => contact.vid), [vid]);
  assert.equal((await client.lists.getOne(list.listId)).metaData.size, 1);
  await client.lists.delete(list.listId);
  await assert.rejects(client.lists.getOne(list.listId), fails_with(404));
});

test("lists of v1 are gone, as they are at HubSpot", async () => {
  await server.reset({ contacts: 0 });
  await assert.rejects(client.lists.get(), fails_with(404));
});

test("timeline events can no longer be put", async () => {
  await assert.rejects(
    client.timelines.createTimelineEvent(6543, 260, { id: "e1", email: "a@example.org" }),
    fails_with(405),
  );
});

test("e-mail campaigns, subscriptions and single sends answer", async () => {
  const { campaigns } = await client.campaigns.get({ limit: 2 });
  assert.equal(campaigns.length, 2);
  assert.equal((await client.campaigns.getOne(campaigns[0].id)).id, campaigns[0].id);
  await client.subscriptions.unsubscribe("ada@example.org");
  const { timeline } = await client.subscriptions.get({ limit: 1 });
  assert.equal(timeline[0].recipient, "ada@example.org");
  const sent = await client.emails.sendTransactionalEmail({ emailId: 7, message: { to: "eve@example.org" } });
  assert.equal(sent.sendResult, "SENT");
});

test("properties are read, and an unknown one is 404", async () => {
  assert.equal((await client.contacts.properties.getByName("email")).type, "string");
  await assert.rejects(client.contacts.properties.getByName("nothing"), fails_with(404));
});
