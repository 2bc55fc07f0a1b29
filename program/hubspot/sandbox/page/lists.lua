--- The pane of lists and their members.
return [==[
const listDetail = byId("list-detail");

async function showLists() {
  const lists = await read("lists");
  byId("list-table").tBodies[0].replaceChildren(...lists.map(list => el("tr", {},
    el("td", {}, el("button", { class: "link", onclick: () => openList(list) }, list.id)),
    el("td", {}, list.name), el("td", {}, list.processing_type), el("td", { class: "number" }, String(list.size)))));
  if (!lists.length) {
    byId("list-table").tBodies[0].append(el("tr", {}, el("td", { colSpan: 4, class: "dim" }, "There are no lists.")));
  }
}

function openList(list) {
  const previous = el("button", {}, "Previous"), next = el("button", {}, "Next"), body = el("tbody");
  const count = el("span", { class: "dim" });
  const show = () => act(async () => {
    const after = members.current();
    const page = await read(`lists/${list.id}/members?limit=50` + (after ? "&after=" + encodeURIComponent(after) : ""));
    count.textContent = page.total + " members";
    body.replaceChildren(...page.results.map(member => el("tr", {},
      el("td", {}, el("button", { class: "link", onclick: () => {
        openTab("records");
        openRecord(list.type, member.recordId);
      } }, member.recordId)), el("td", {}, member.membershipTimestamp))));
    members.shown(page.after);
  });
  const members = pager(previous, next, show);
  listDetail.replaceChildren(el("h2", { tabIndex: -1 }, list.name),
    el("table", { id: "member-table" }, el("thead", {}, el("tr", {}, el("th", {}, "Record"), el("th", {}, "Since"))), body),
    el("div", { class: "bar" }, previous, next, count));
  listDetail.hidden = false;
  listDetail.parentElement.classList.add("open");
  listDetail.querySelector("h2").focus();
  return show();
}

panes.lists = { show: () => act(showLists) };
]==]
