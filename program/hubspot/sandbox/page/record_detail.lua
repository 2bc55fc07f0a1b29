--- One record of the pane: its properties with their history, its associations, and what changes it.
return [==[
const recordDetail = byId("record-detail");

function closeRecord() {
  recordDetail.hidden = true;
  recordDetail.parentElement.classList.remove("open");
}

function historyOf(record, name) {
  const versions = (record.propertiesWithHistory || {})[name] || [];
  if (versions.length < 2) return null;
  return el("details", {}, el("summary", {}, versions.length + " versions"),
    ...versions.map(version => el("div", { class: "dim" },
      `${version.timestamp.slice(0, 19)} ${version.sourceType}: ${version.value || "(empty)"}`)));
}

function propertyRow(record, name, changes) {
  const value = record.properties[name] || "";
  const input = el("input", { value, "aria-label": name, disabled: record.archived,
    oninput: () => { changes[name] = input.value; } });
  return el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, input, historyOf(record, name)));
}

function associationParts(record) {
  const parts = [];
  for (const [type, list] of Object.entries(record.associations || {})) {
    const ids = [...new Set(list.results.map(row => row.id))];
    parts.push(el("p", {}, type + ": ", ...ids.flatMap((id, index) => [
      index ? ", " : "",
      el("button", { class: "link", onclick: () => openRecord(type.replaceAll(" ", "_"), id) }, id),
    ]), list.paging ? ", …" : ""));
  }
  return parts.length ? parts : [el("p", { class: "dim" }, "None")];
}

function change(type, id, doing, done) {
  return act(async () => {
    const left = await doing();
    await loadTypes();
    await showRecords();
    if (left) await openRecord(type, left);
    else closeRecord();
  }, done);
}

function mergeForm(type, record) {
  const other = el("input", { id: "merge-id", inputMode: "numeric", pattern: "[0-9]+", required: true });
  return el("form", { class: "bar", onsubmit: event => {
    event.preventDefault();
    change(type, record.id, async () =>
      (await send("POST", `records/${encodeURIComponent(type)}/${record.id}/merge`, { id: other.value })).value.id,
      `${other.value} was merged into ${record.id}.`);
  } }, el("label", {}, "Merge this id into it ", other), el("button", { id: "merge" }, "Merge"));
}

function recordActions(type, record, changes) {
  const path = `records/${encodeURIComponent(type)}/${record.id}`;
  const close = el("button", { onclick: closeRecord }, "Close");
  if (record.archived) {
    return el("div", { class: "bar" }, el("button", { id: "restore", onclick: () => change(type, record.id, async () => {
      await send("POST", "restore", { type, id: record.id });
      return record.id;
    }, record.id + " is back.") }, "Restore"), close);
  }
  return el("div", { class: "bar" },
    el("button", { id: "save", onclick: () => change(type, record.id, async () => {
      await send("PATCH", path, { properties: changes });
      return record.id;
    }, "Saved.") }, "Save"),
    el("button", { id: "archive", onclick: () => change(type, record.id, async () => { await send("DELETE", path); },
      record.id + " is archived.") }, "Archive"),
    close);
}

function showRecord(type, record) {
  const changes = {}, body = el("tbody");
  for (const name of Object.keys(record.properties).sort()) {
    if (record.properties[name] !== null) body.append(propertyRow(record, name, changes));
  }
  const added = el("input", { "aria-label": "Another property", placeholder: "another property" });
  const value = el("input", { "aria-label": "Its value", oninput: () => { changes[added.value] = value.value; } });
  if (!record.archived) body.append(el("tr", {}, el("td", {}, added), el("td", {}, value)));
  recordDetail.replaceChildren(
    el("h2", { tabIndex: -1 }, `${type} ${record.id}` + (record.archived ? ", archived" : "")),
    el("p", { class: "dim" }, `made ${record.createdAt}, changed ${record.updatedAt}`),
    recordActions(type, record, changes),
    el("h3", {}, "Associations"), ...associationParts(record),
    el("h3", {}, "Merged ids"), el("p", { id: "merged-ids" }, record.merged.join(", ") || "None"),
    record.archived ? "" : mergeForm(type, record),
    el("h3", {}, "Properties"), el("table", { id: "property-table" }, body));
  recordDetail.hidden = false;
  recordDetail.parentElement.classList.add("open");
  recordDetail.scrollTop = 0;
}

function openRecord(type, id) {
  return act(async () => {
    showRecord(type, await read(`records/${encodeURIComponent(type)}/${id}`));
    recordDetail.querySelector("h2").focus();
  });
}
]==]
