// HubSpot's own client for Node over records of every type, their associations and what defines them, on v3 and v4.
"use strict";
const assert = require("node:assert/strict");
const { after, before, beforeEach, test } = require("node:test");
const { Client } = require("@hubspot/api-client");
const sandbox = require("./sandbox");

let server;
let client;
let crm;

before(async () => {
  server = await sandbox.start();
});

after(() => server.stop());

beforeEach(async () => {
  await server.reset({ contacts: 0 });
  client = new Client({ accessToken: "pat-any", basePath: server.url, limiterOptions: { minTime: 0 } });
  crm = client.crm;
});

const ids = (rows) => rows.map((row) => row.id).sort();
const has_status = (code) => (error) => error.code === code;

// The API of each type, what its records need, and a property to change.
const TYPES = {
  companies: [(api) => api.companies, { name: "Acme" }, "city"],
  deals: [(api) => api.deals, { dealname: "D", dealstage: "closedwon", pipeline: "default" }, "description"],
  tickets: [(api) => api.tickets, { subject: "T", hs_pipeline: "0", hs_pipeline_stage: "1" }, "content"],
  line_items: [(api) => api.lineItems, { quantity: "2" }, "name"],
  products: [(api) => api.products, { name: "P" }, "description"],
  quotes: [(api) => api.quotes, { hs_title: "Q", hs_expiration_date: "2026-05-01T00:00:00.000Z" }, "hs_comments"],
  notes: [(api) => api.objects.notes, { hs_timestamp: "2026-01-02T03:04:05.000Z" }, "hs_note_body"],
  calls: [(api) => api.objects.calls, { hs_timestamp: "2026-01-02T03:04:05.000Z" }, "hs_call_title"],
};

for (const [name, [api_of, needed, changed]] of Object.entries(TYPES)) {
  test(`${name} are made, read, changed, searched and archived, one and many`, async () => {
    const { basicApi, batchApi, searchApi } = api_of(crm);
    const made = await basicApi.create({ properties: needed, associations: [] });
    assert.ok(made.createdAt instanceof Date && made.updatedAt instanceof Date);
    for (const [property, value] of Object.entries(needed)) assert.equal(made.properties[property], value);
    assert.equal((await basicApi.update(made.id, { properties: { [changed]: "V" } })).properties[changed], "V");
    const read = await basicApi.getById(made.id, [changed], [changed]);
    assert.deepEqual([read.properties[changed], read.propertiesWithHistory[changed][0].value], ["V", "V"]);

    const inputs = [1, 2].map((number) => ({ properties: needed, associations: [], objectWriteTraceId: `${number}` }));
    const created = (await batchApi.create({ inputs })).results;
    assert.deepEqual(created.map((record) => record.objectWriteTraceId), ["1", "2"]);
    const [one, two] = created.map((record) => record.id);
    const written = await batchApi.update({ inputs: [{ id: one, properties: { [changed]: "W" } }] });
    assert.equal(written.results[0].properties[changed], "W");
    const found = await searchApi.doSearch({
      filterGroups: [{ filters: [{ propertyName: changed, operator: "EQ", value: "w" }] }],
      sorts: [],
      properties: [changed],
      limit: 10,
      after: "0",
    });
    assert.deepEqual([found.total, found.results[0].id], [1, one]);

    const wanted = [made.id, one, two, "1"].map((id) => ({ id }));
    const many = await batchApi.read({ inputs: wanted, properties: [changed], propertiesWithHistory: [] });
    assert.deepEqual([ids(many.results), many.numErrors], [[made.id, one, two].sort(), 1]);
    assert.deepEqual(many.errors[0].context.ids, ["1"]);
    const page = await basicApi.getPage(2);
    const rest = await basicApi.getPage(2, page.paging.next.after);
    assert.deepEqual(ids([...page.results, ...rest.results]), [made.id, one, two].sort());

    await batchApi.archive({ inputs: [{ id: one }] });
    await basicApi.archive(two);
    await assert.rejects(basicApi.getById(one), has_status(404));
    const archived = await basicApi.getPage(10, undefined, undefined, undefined, undefined, true);
    assert.deepEqual(ids(archived.results), [one, two].sort());
    assert.ok(archived.results[0].archivedAt instanceof Date);
  });
}

test("companies are merged, and upserted by a unique property", async () => {
  const { basicApi, batchApi } = crm.companies;
  const first = await basicApi.create({ properties: { name: "A" }, associations: [] });
  const second = await basicApi.create({ properties: { name: "B", city: "Lyon" }, associations: [] });
  const merged = await basicApi.merge({ primaryObjectId: first.id, objectIdToMerge: second.id });
  assert.equal((await basicApi.getById(second.id, ["city"])).id, merged.id);
  assert.equal((await basicApi.getById(first.id, ["city"])).properties.city, "Lyon");

  await crm.properties.coreApi.create("companies", {
    name: "code",
    label: "Code",
    groupName: "companyinformation",
    type: "string",
    fieldType: "text",
    hasUniqueValue: true,
  });
  const inputs = ["a", "b"].map((id) => ({ id, idProperty: "code", properties: { name: id } }));
  const upserted = await batchApi.upsert({ inputs });
  assert.deepEqual(upserted.results.map((record) => record._new), [true, true]);
  assert.equal((await batchApi.upsert({ inputs })).results[0]._new, false);
  assert.equal((await basicApi.getById("a", ["name"], undefined, undefined, false, "code")).properties.name, "a");
  await assert.rejects(basicApi.getById("x", undefined, undefined, undefined, false, "domain"), has_status(400));
});

async function make(name, properties) {
  const [api_of, needed] = TYPES[name];
  return (await api_of(crm).basicApi.create({ properties: { ...needed, ...properties }, associations: [] })).id;
}

test("associations of v4 are made, labelled, read and taken away", async () => {
  const { basicApi, batchApi, schema, reportApi } = crm.associations.v4;
  const deal = await make("deals");
  const [acme, cobalt] = [await make("companies"), await make("companies", { name: "Cobalt" })];
  const made = await basicApi.createDefault("deals", deal, "companies", acme);
  assert.equal(made.results[0].associationSpec.associationTypeId, 341);

  const labels = await schema.definitionsApi.create("deals", "companies", { name: "payer", label: "Payer" });
  const [payer] = labels.results;
  assert.equal(labels.results.length, 2);
  const spec = { associationCategory: "USER_DEFINED", associationTypeId: payer.typeId };
  const set = await basicApi.create("deals", deal, "companies", cobalt, [spec]);
  assert.deepEqual(set.labels, ["Payer"]);
  const page = await basicApi.getPage("deals", deal, "companies", undefined, 1);
  const rest = await basicApi.getPage("deals", deal, "companies", page.paging.next.after, 1);
  assert.deepEqual([...page.results, ...rest.results].map((row) => String(row.toObjectId)).sort(), [acme, cobalt].sort());
  await schema.definitionsApi.update("deals", "companies", { associationTypeId: payer.typeId, label: "Pays" });
  const shown = await schema.definitionsApi.getAll("deals", "companies");
  assert.ok(shown.results.some((type) => type.label === "Pays" && type.category === "USER_DEFINED"));

  const pair = { _from: { id: deal }, to: { id: acme } };
  const created = await batchApi.create("deals", "companies", { inputs: [{ ...pair, types: [spec] }] });
  assert.equal(String(created.results[0].toObjectId), acme);
  const read = await batchApi.getPage("deals", "companies", { inputs: [{ id: deal }, { id: "1" }] });
  assert.deepEqual([read.results[0].to.length, read.numErrors], [2, 1]);
  await batchApi.archiveLabels("deals", "companies", { inputs: [{ ...pair, types: [spec] }] });
  await batchApi.archive("deals", "companies", { inputs: [{ _from: { id: deal }, to: [{ id: acme }] }] });
  await basicApi.archive("deals", deal, "companies", cobalt);
  assert.deepEqual((await basicApi.getPage("deals", deal, "companies")).results, []);
  await batchApi.createDefault("deals", "companies", { inputs: [pair] });
  await schema.definitionsApi.remove("deals", "companies", payer.typeId);

  const owner = (await crm.owners.ownersApi.getPage()).results[0];
  assert.equal((await reportApi.request(owner.userId)).userEmail, owner.email);
});

// What the client has no method for.
async function request(method, path, body) {
  const response = await client.apiRequest({ method, path, body });
  return response.status === 204 ? undefined : response.json();
}

test("limits of associations bind", async () => {
  const configurations = "/crm/v4/associations/definitions/configurations";
  const of_pair = `${configurations}/deals/companies`;
  const limit = { category: "HUBSPOT_DEFINED", typeId: 341, maxToObjectIds: 1 };
  await request("POST", `${of_pair}/batch/create`, { inputs: [limit] });
  assert.equal((await request("GET", of_pair)).results[0].userEnforcedMaxToObjectIds, 1);
  const [deal, acme, cobalt] = [await make("deals"), await make("companies"), await make("companies")];
  await crm.associations.v4.basicApi.createDefault("deals", deal, "companies", acme);
  await assert.rejects(crm.associations.v4.basicApi.createDefault("deals", deal, "companies", cobalt), has_status(400));
  await request("POST", `${of_pair}/batch/purge`, { inputs: [limit] });
  await crm.associations.v4.basicApi.createDefault("deals", deal, "companies", cobalt);
  assert.deepEqual((await request("GET", `${configurations}/all`)).results, []);
  const records = await request("GET", "/crm/v3/limits/records");
  assert.equal(records.hubspotDefinedObjectTypes.find((row) => row.objectTypeId === "0-3").usage, 1);
});

test("associations of v3 are made, read and taken away", async () => {
  const [ticket, acme] = [await make("tickets"), await make("companies")];
  const { batchApi, schema } = crm.associations;
  const names = (await schema.typesApi.getAll("tickets", "companies")).results.map((type) => type.name);
  assert.ok(names.includes("ticket_to_company"));
  const input = { _from: { id: ticket }, to: { id: acme }, type: "ticket_to_company" };
  const made = await batchApi.create("tickets", "companies", { inputs: [input] });
  assert.equal(made.results[0].type, "ticket_to_company");
  const read = await batchApi.read("tickets", "companies", { inputs: [{ id: ticket }] });
  assert.equal(read.results[0].to[0].id, acme);
  await batchApi.archive("tickets", "companies", { inputs: [{ ...input, type: "ticket_to_company_unlabeled" }] });
  assert.equal((await batchApi.read("tickets", "companies", { inputs: [{ id: ticket }] })).results.length, 0);
});

test("properties are defined, changed, grouped and archived, one and many", async () => {
  const { coreApi, batchApi, groupsApi } = crm.properties;
  assert.ok((await coreApi.getAll("companies")).results.some((property) => property.name === "domain"));
  await groupsApi.create("deals", { name: "billing", label: "Billing", displayOrder: -1 });
  assert.equal((await groupsApi.update("deals", "billing", { label: "Money" })).label, "Money");
  const property = (name) => ({ name, label: name, groupName: "billing", type: "string", fieldType: "text" });
  const color = await coreApi.create("deals", {
    ...property("color"),
    type: "enumeration",
    fieldType: "select",
    options: [{ label: "Red", value: "red", displayOrder: 0, hidden: false }],
  });
  assert.ok(color.createdAt instanceof Date);
  assert.equal(color.options[0].value, "red");
  assert.equal((await coreApi.update("deals", "color", { label: "Colour" })).label, "Colour");
  const made = await batchApi.create("deals", { inputs: [property("a"), property("b"), property("color")] });
  assert.deepEqual([made.results.map((each) => each.name), made.numErrors], [["a", "b"], 1]);
  const read = await batchApi.read("deals", { archived: false, inputs: [{ name: "a" }, { name: "none" }] });
  assert.deepEqual([read.results[0].name, read.numErrors], ["a", 1]);
  await assert.rejects(groupsApi.archive("deals", "billing"), has_status(400));
  await batchApi.archive("deals", { inputs: [{ name: "a" }, { name: "b" }] });
  await coreApi.archive("deals", "color");
  await assert.rejects(coreApi.getByName("deals", "color"), has_status(404));
  assert.equal((await coreApi.getByName("deals", "color", true)).archived, true);
  await groupsApi.archive("deals", "billing");
  assert.ok(!(await groupsApi.getAll("deals")).results.some((group) => group.name === "billing"));
});

test("pipelines and stages are made, changed, audited and deleted", async () => {
  const { pipelinesApi, pipelineStagesApi, pipelineAuditsApi } = crm.pipelines;
  assert.equal((await pipelinesApi.getAll("deals")).results[0].id, "default");
  const stage = (label, displayOrder, probability) => ({ label, displayOrder, metadata: { probability } });
  const made = await pipelinesApi.create("deals", {
    label: "Second",
    displayOrder: 1,
    stages: [stage("Open", 0, "0.5"), stage("Won", 1, "1.0")],
  });
  assert.ok(made.createdAt instanceof Date);
  assert.equal((await pipelinesApi.update("deals", made.id, { label: "Other", displayOrder: 1 })).label, "Other");
  const added = await pipelineStagesApi.create("deals", made.id, stage("Lost", 2, "0.0"));
  assert.equal((await pipelineStagesApi.getById("deals", made.id, added.id)).metadata.isClosed, "true");
  await pipelineStagesApi.update("deals", made.id, added.id, { label: "Gone", metadata: { probability: "0.0" } });
  await pipelineStagesApi.replace("deals", made.id, added.id, stage("Away", 2, "0.0"));
  assert.equal((await pipelineStagesApi.getAll("deals", made.id)).results.length, 3);
  const audits = await pipelineAuditsApi.getAudit("deals", made.id);
  assert.deepEqual(audits.results.map((audit) => audit.action), ["UPDATE", "CREATE"]);
  await pipelineStagesApi.archive("deals", made.id, added.id);
  const replaced = await pipelinesApi.replace("deals", made.id, {
    label: "Third",
    displayOrder: 1,
    stages: [stage("Only", 0, "0.1")],
  });
  assert.deepEqual(replaced.stages.map((each) => each.label), ["Only"]);
  await pipelinesApi.archive("deals", made.id);
  await assert.rejects(pipelinesApi.getById("deals", made.id), has_status(404));
});

test("owners are paged, and read by either id", async () => {
  const { ownersApi } = crm.owners;
  const page = await ownersApi.getPage(undefined, undefined, 2);
  const rest = await ownersApi.getPage(undefined, page.paging.next.after, 2);
  assert.equal(page.results.length + rest.results.length, 3);
  const [owner] = page.results;
  assert.ok(owner.createdAt instanceof Date);
  assert.equal((await ownersApi.getById(Number(owner.id))).email, owner.email);
  assert.equal((await ownersApi.getById(owner.userId, "userId")).id, owner.id);
  assert.equal((await ownersApi.getPage(owner.email)).results[0].id, owner.id);
  assert.equal((await ownersApi.getPage(undefined, undefined, 10, true)).results[0].archived, true);
});

test("schemas are made, changed and archived, and their records are as others", async () => {
  const { coreApi } = crm.schemas;
  const schema = await coreApi.create({
    name: "machines",
    labels: { singular: "Machine", plural: "Machines" },
    primaryDisplayProperty: "model",
    requiredProperties: ["model"],
    searchableProperties: [],
    secondaryDisplayProperties: [],
    properties: [{ name: "model", label: "Model", type: "string", fieldType: "text" }],
    associatedObjects: ["CONTACT"],
  });
  assert.equal(schema.fullyQualifiedName, "p99001_machines");
  assert.ok(schema.properties.some((property) => property.name === "model"));
  const changed = await coreApi.update(schema.objectTypeId, { labels: { singular: "Device", plural: "Devices" } });
  assert.equal(changed.labels.singular, "Device");
  const link = await coreApi.createAssociation(schema.objectTypeId, {
    fromObjectTypeId: schema.objectTypeId,
    toObjectTypeId: "0-3",
    name: "machine_to_deal",
  });
  assert.equal(link.toObjectTypeId, "0-3");
  await coreApi.archiveAssociation(schema.objectTypeId, link.id);

  const { basicApi, batchApi } = crm.objects;
  const machine = await basicApi.create(schema.objectTypeId, { properties: { model: "M" }, associations: [] });
  const deal = await make("deals");
  await crm.associations.v4.basicApi.createDefault(schema.objectTypeId, machine.id, "deals", deal);
  const read = await basicApi.getById("p99001_machines", machine.id, ["model"], undefined, ["deals"]);
  assert.equal(read.associations.deals.results[0].id, deal);
  const other = await basicApi.create(schema.objectTypeId, { properties: { model: "N" }, associations: [] });
  const pair = { primaryObjectId: machine.id, objectIdToMerge: other.id };
  const survivor = await request("POST", `/crm/v3/objects/${schema.objectTypeId}/merge`, pair);
  await assert.rejects(coreApi.archive(schema.objectTypeId), has_status(400));
  await batchApi.archive(schema.objectTypeId, { inputs: [{ id: survivor.id }] });
  await coreApi.archive(schema.objectTypeId);
  assert.deepEqual((await coreApi.getAll()).results, []);
  assert.equal((await coreApi.getAll(true)).results[0].archived, true);
});

test("subscriptions of v3 are told and chosen", async () => {
  const { definitionApi, statusApi } = client.communicationPreferences;
  const [type] = (await definitionApi.getPage()).subscriptionDefinitions;
  const choice = { emailAddress: "ada@example.org", subscriptionId: type.id };
  assert.equal((await statusApi.subscribe(choice)).status, "SUBSCRIBED");
  const [status] = (await statusApi.getEmailStatus("ada@example.org")).subscriptionStatuses;
  assert.deepEqual([status.id, status.status], [type.id, "SUBSCRIBED"]);
  assert.equal((await statusApi.unsubscribe(choice)).status, "NOT_SUBSCRIBED");
});

test("a sandbox without a scope says which", async () => {
  await server.reset({ scopes: ["crm.objects.companies.read"] });
  await assert.rejects(
    crm.deals.basicApi.getPage(),
    (error) => error.code === 403 && error.body.category === "MISSING_SCOPES",
  );
  assert.deepEqual((await crm.companies.basicApi.getPage()).results, []);
});
