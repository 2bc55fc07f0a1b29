--- The pane of requests: a list of which only the rows in sight are elements, so that 100,000 of them stay usable.
return [==[
const requests = { all: [], shown: [], last: 0, selected: 0 };
const ROW = 26, MOST = 100000, STEP = 5000;
const grid = byId("request-grid"), rows = byId("request-rows");

function statusClass(entry) { return "s" + (entry.status ? String(entry.status)[0] : "0"); }

function fits(entry) {
  const part = byId("filter-path").value, status = byId("filter-status").value;
  if (part && !(entry.path + (entry.query ? "?" + entry.query : "")).includes(part)) return false;
  if (!status) return true;
  if (status === "fault") return entry.fault !== undefined;
  if (status === "none") return !entry.status;
  if (status === "bad") return !entry.status || entry.status >= 400;
  return entry.status !== undefined && String(entry.status)[0] === status;
}

const clockText = at => new Date(at).toISOString().slice(11, 23);

function requestRow(entry, index) {
  const row = el("div", {
    class: "row", role: "row", id: "request-" + entry.number, "aria-rowindex": index + 2,
    "aria-selected": String(entry.number === requests.selected),
    onclick: () => openRequest(entry.number),
  },
    el("span", { role: "gridcell", class: "time" }, clockText(entry.at)),
    el("span", { role: "gridcell" }, entry.method),
    el("span", { role: "gridcell", class: "path" }, el("bdi", {}, entry.path + (entry.query ? "?" + entry.query : ""))),
    el("span", { role: "gridcell", class: statusClass(entry) }, entry.status ? String(entry.status) : "none"),
    el("span", { role: "gridcell", class: "ms" }, entry.ms === undefined ? "" : entry.ms.toFixed(1)),
    el("span", { role: "gridcell", class: "fault" }, entry.fault || ""));
  row.style.top = index * ROW + "px";
  return row;
}

function drawRequests() {
  const shown = requests.shown;
  rows.style.height = shown.length * ROW + "px";
  grid.setAttribute("aria-rowcount", shown.length + 1);
  const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - 5);
  const last = Math.min(shown.length, first + Math.ceil(grid.clientHeight / ROW) + 12);
  const made = [];
  for (let index = first; index < last; index++) made.push(requestRow(shown[index], index));
  rows.replaceChildren(...made);
  byId("requests-count").textContent = shown.length === requests.all.length
    ? shown.length + " requests" : shown.length + " of " + requests.all.length + " requests";
  const isSeen = byId("request-" + requests.selected);
  if (isSeen) grid.setAttribute("aria-activedescendant", isSeen.id);
  else grid.removeAttribute("aria-activedescendant");
}

function filterRequests() {
  requests.shown = requests.all.filter(fits);
  followEnd();
  drawRequests();
}

function followEnd() {
  if (!byId("follow").checked) return;
  rows.style.height = requests.shown.length * ROW + "px";
  grid.scrollTop = grid.scrollHeight;
}

function forgetRequests() {
  requests.all = [];
  requests.shown = [];
  requests.selected = 0;
  closeRequest();
}

function addRequests(list) {
  requests.all.push(...list);
  requests.last = list[list.length - 1].number;
  if (requests.all.length > MOST) {
    requests.all.splice(0, requests.all.length - MOST);
    requests.shown = requests.all.filter(fits);
  } else {
    requests.shown.push(...list.filter(fits));
  }
  followEnd();
}

// Asks for the requests after the last one; a server that was started anew counts from one again.
async function pollRequests() {
  for (;;) {
    const answer = await send("GET", `requests?after=${requests.last}&limit=${STEP}&summary=true`);
    const last = Number(answer.headers.get("x-sandbox-last-request"));
    if (last < requests.last) {
      requests.last = 0;
      forgetRequests();
      continue;
    }
    if (answer.value.length) addRequests(answer.value);
    if (answer.value.length < STEP) break;
  }
  drawRequests();
}

function moveSelection(step) {
  const shown = requests.shown;
  if (!shown.length) return;
  const at = shown.findIndex(entry => entry.number === requests.selected);
  const from = at >= 0 ? at : (step > 0 ? -1 : shown.length);
  const index = Math.max(0, Math.min(shown.length - 1, from + step));
  const top = index * ROW, head = ROW;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + ROW + head > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + ROW + head - grid.clientHeight;
  byId("follow").checked = false;
  requests.selected = shown[index].number;
  drawRequests();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity };

grid.addEventListener("keydown", event => {
  if (event.key in STEPS) {
    event.preventDefault();
    moveSelection(STEPS[event.key]);
  } else if (event.key === "Enter" && requests.selected) {
    openRequest(requests.selected);
  } else if (event.key === "Escape") {
    closeRequest();
  }
});
grid.addEventListener("scroll", () => requestAnimationFrame(drawRequests));
addEventListener("resize", drawRequests);
on("filter-path", "input", filterRequests);
on("filter-status", "change", filterRequests);
on("clear-requests", "click", () => act(async () => {
  await send("DELETE", "requests");
  forgetRequests();
  drawRequests();
}, "The requests are forgotten."));
panes.requests = { poll: pollRequests, show: drawRequests };
]==]
