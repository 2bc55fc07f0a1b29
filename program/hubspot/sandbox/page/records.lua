--- The pane of records: their types, search, and a page of them at a time.
return [==[
const RECORD_PAGE = 50;
const HIDDEN_COLUMNS = new Set(["hs_object_id", "lastmodifieddate", "hs_lastmodifieddate", "createdate", "hs_createdate"]);
const recordPager = pager(byId("records-previous"), byId("records-next"), () => act(showRecords));

async function loadTypes() {
  const select = byId("record-type"), chosen = select.value || "contacts";
  const types = await read("records");
  select.replaceChildren(...types.map(type =>
    el("option", { value: type.name }, `${type.name} (${type.count})`)));
  select.value = types.some(type => type.name === chosen) ? chosen : types[0].name;
}

function columnsOf(results) {
  const names = new Set();
  for (const record of results) {
    for (const name of Object.keys(record.properties)) if (!HIDDEN_COLUMNS.has(name)) names.add(name);
  }
  return [...names].slice(0, 6);
}

function drawRecordTable(type, results) {
  const names = columnsOf(results), table = byId("record-table");
  table.tHead.replaceChildren(el("tr", {}, el("th", { scope: "col" }, "Id"),
    ...names.map(name => el("th", { scope: "col" }, name))));
  table.tBodies[0].replaceChildren(...results.map(record => el("tr", {},
    el("td", {}, el("button", { class: "link", onclick: () => openRecord(type, record.id) }, record.id)),
    ...names.map(name => el("td", {}, record.properties[name] || "")))));
}

// Digits alone are an id, where there is such a record.
async function findById(type, text) {
  if (!/^\d+$/.test(text)) return false;
  try {
    showRecord(type, await read(`records/${encodeURIComponent(type)}/${text}`));
    return true;
  } catch { return false; }
}

async function showRecords() {
  const type = byId("record-type").value, query = byId("record-query").value.trim();
  if (!type) return;
  if (query && recordPager.current() === undefined) await findById(type, query);
  const asked = new URLSearchParams({ limit: RECORD_PAGE });
  if (query) asked.set("query", query);
  if (byId("record-archived").checked && !query) asked.set("archived", "true");
  if (recordPager.current() !== undefined) asked.set("after", recordPager.current());
  const page = await read(`records/${encodeURIComponent(type)}?${asked}`);
  drawRecordTable(type, page.results);
  recordPager.shown(page.after);
  byId("records-count").textContent = page.total + (page.total === 1 ? " record" : " records");
}

function restartRecords() {
  recordPager.restart();
  return act(showRecords);
}

on("records-form", "submit", restartRecords);
on("record-type", "change", () => {
  closeRecord();
  restartRecords();
});
on("record-archived", "change", restartRecords);
panes.records = { show: () => act(async () => { await loadTypes(); await showRecords(); }) };
]==]
