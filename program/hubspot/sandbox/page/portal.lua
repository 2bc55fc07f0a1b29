--- The panes of faults, quotas, the clock, and the portal as a whole.
return [==[
const FLAGS = new Set(["together", "nameless"]);
const TEXTS = new Set(["kind", "path", "method", "policy", "body"]);
const SHOWN_OF_FAULT = new Set(["kind", "path", "method", "times", "after"]);

function faultValue(name, text) {
  if (TEXTS.has(name)) return text;
  if (FLAGS.has(name)) return true;
  if (name === "indexes") return text.split(",").map(Number);
  return Number(text);
}

async function showFaults() {
  const { kinds, waiting } = await read("faults");
  const select = byId("fault-kind");
  if (!select.options.length) select.append(...kinds.map(kind => el("option", {}, kind)));
  byId("fault-table").tBodies[0].replaceChildren(...waiting.map(fault => el("tr", {},
    el("td", {}, fault.kind), el("td", {}, [fault.method, fault.path].filter(Boolean).join(" ") || "all"),
    el("td", { class: "number" }, String(fault.times)), el("td", { class: "number" }, String(fault.after)),
    el("td", {}, Object.keys(fault).filter(name => !SHOWN_OF_FAULT.has(name)).sort()
      .map(name => name + " " + fault[name]).join(", ")))));
}

on("fault-form", "submit", () => act(async () => {
  const fault = {};
  for (const [name, value] of new FormData(byId("fault-form"))) {
    if (value !== "") fault[name] = faultValue(name, value);
  }
  await send("POST", "faults", fault);
  await showFaults();
}, "The fault waits for a request."));
on("clear-faults", "click", () => act(async () => {
  await send("DELETE", "faults");
  await showFaults();
}, "No fault waits."));
panes.faults = { show: () => act(showFaults), poll: showFaults };

const LARGEST = { general: 500, search: 50 };
const TITLES = { general: "All requests but search", search: "Search" };

function quotaField(name) {
  const limit = el("input", { type: "range", id: name + "-limit", min: 1, max: LARGEST[name] });
  const shown = el("output", { id: name + "-shown" });
  const seconds = el("input", { type: "number", id: name + "-seconds", min: 0.1, step: "any" });
  const enforced = el("input", { type: "checkbox", id: name + "-enforced" });
  const used = el("meter", { id: name + "-used", min: 0, "aria-label": "Used of " + TITLES[name] });
  const text = el("p", { id: name + "-text" });
  const apply = () => act(async () => {
    const given = enforced.checked && { limit: Number(limit.value), seconds: Number(seconds.value) };
    await send("POST", "quota", { [name]: given });
    await showQuota();
  }, "The quota is changed.");
  limit.addEventListener("input", () => { shown.textContent = limit.value; });
  limit.addEventListener("change", apply);
  seconds.addEventListener("change", apply);
  enforced.addEventListener("change", apply);
  return el("fieldset", {}, el("legend", {}, TITLES[name]), used, text, el("div", { class: "bar" },
    el("label", { class: "check" }, enforced, "Refuse more than"),
    el("label", {}, "Requests", limit), shown, el("label", {}, "in seconds", seconds)));
}

async function showQuota() {
  const pane = byId("quota");
  if (!pane.firstChild) pane.append(quotaField("general"), quotaField("search"), el("p", { id: "daily-text", class: "dim" }));
  const quota = await read("quota");
  for (const name of ["general", "search"]) {
    const bucket = quota[name], limit = byId(name + "-limit");
    if (document.activeElement !== limit) {
      limit.max = Math.max(LARGEST[name], bucket.limit);
      limit.value = bucket.limit;
      byId(name + "-shown").textContent = bucket.limit;
    }
    if (document.activeElement !== byId(name + "-seconds")) byId(name + "-seconds").value = bucket.seconds;
    byId(name + "-enforced").checked = bucket.enforced;
    byId(name + "-used").max = bucket.limit;
    byId(name + "-used").value = bucket.used;
    byId(name + "-text").textContent = `${bucket.used} of ${bucket.limit} in the last ${bucket.seconds} s; ` +
      `${bucket.refused} refused with 429` + (bucket.enforced ? "" : "; nothing is refused");
  }
  byId("daily-text").textContent = `Today: ${quota.daily.used} of ${quota.daily.limit}.`;
}

panes.quota = { show: () => act(showQuota), poll: showQuota };

async function showClock() {
  const { time, search_lag: lag } = await read("clock");
  byId("clock-time").textContent = new Date(time).toISOString().replace("T", " ").slice(0, 19) + " UTC";
  if (document.activeElement !== byId("lag-seconds")) byId("lag-seconds").value = lag;
}

function advance(seconds) {
  return act(async () => {
    await send("POST", "clock", { advance: seconds });
    await showClock();
  }, `The clock is ${seconds} s ahead of where it was.`);
}

for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(Number(button.dataset.advance)));
}
on("advance-form", "submit", () => advance(Number(byId("advance-seconds").value)));
on("lag-form", "submit", () => act(async () => {
  await send("POST", "search_lag", { seconds: Number(byId("lag-seconds").value) });
}, "The search lag is set."));
panes.clock = { show: () => act(showClock), poll: showClock };

function startOver(doing) {
  return act(async () => {
    await doing();
    closeRecord();
    closeList();
    recordPager.restart();
  }, "The portal started over.");
}

function closeList() {
  listDetail.hidden = true;
  listDetail.parentElement.classList.remove("open");
}

on("reset-form", "submit", () => startOver(async () => {
  const options = {};
  for (const name of ["contacts", "seed"]) {
    const value = byId("reset-" + name).value;
    if (value !== "") options[name] = Number(value);
  }
  await send("POST", "restart", options);
}));
on("import-form", "submit", () => startOver(async () =>
  send("POST", "fixtures", await byId("import-file").files[0].text())));
panes.portal = { show: () => {} };
]==]
