--- One request of the pane: its headers, bodies and answer, and the same as a command and as a program.
return [==[
const detail = byId("request-detail");

function closeRequest() {
  detail.hidden = true;
  detail.parentElement.classList.remove("open");
}

function headerTable(headers, caption) {
  const body = el("tbody");
  for (const name of Object.keys(headers).sort()) {
    body.append(el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, headers[name])));
  }
  return el("table", { "aria-label": caption }, body);
}

const shellText = text => "'" + text.replaceAll("'", "'\\''") + "'";

function asCurl(entry) {
  const lines = ["curl -X " + entry.method + " " + shellText(location.origin + targetOf(entry))];
  if (entry.headers.authorization) lines.push('  -H "Authorization: Bearer $HUBSPOT_TOKEN"');
  const type = entry.headers["content-type"];
  if (entry.body && type) lines.push("  -H " + shellText("Content-Type: " + type));
  if (entry.body) lines.push("  --data-raw " + shellText(entry.body));
  return lines.join(" \\\n");
}

const targetOf = entry => entry.path + (entry.query ? "?" + entry.query : "");

function luaText(text) {
  return '"' + text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r")
    .replaceAll("\0", "\\0") + '"';
}

const LUA_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LUA_WORDS = new Set(("and break do else elseif end false for function goto if in local nil not or repeat return then " +
  "true until while").split(" "));

function luaKey(name) { return LUA_NAME.test(name) && !LUA_WORDS.has(name) ? name : "[" + luaText(name) + "]"; }

function luaValue(value, indent) {
  const deeper = indent + "  ";
  if (value === null) return "hubspot.null";
  if (typeof value === "string") return luaText(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    if (!value.length) return "hubspot.array {}";
    return "{\n" + value.map(item => deeper + luaValue(item, deeper) + ",\n").join("") + indent + "}";
  }
  const names = Object.keys(value);
  if (!names.length) return "{}";
  return "{\n" + names.map(name => deeper + luaKey(name) + " = " + luaValue(value[name], deeper) + ",\n").join("")
    + indent + "}";
}

function queryOf(entry) {
  const query = {};
  for (const [name, value] of new URLSearchParams(entry.query)) {
    if (!(name in query)) query[name] = value;
    else query[name] = [].concat(query[name], value);
  }
  return query;
}

function bodyOf(entry) {
  try { return JSON.parse(entry.body); } catch { return entry.body; }
}

function asLua(entry) {
  const asked = { method: entry.method, path: entry.path };
  if (entry.query) asked.query = queryOf(entry);
  if (entry.body) asked.body = bodyOf(entry);
  return 'local hubspot = require "hubspot"\nlocal client = hubspot.new { base_url = ' + luaText(location.origin)
    + ', token = os.getenv "HUBSPOT_TOKEN" or "any" }\nlocal answer = assert(client:request ' + luaValue(asked, "") + ")";
}

function textButton(label, id, make) {
  return el("button", {
    onclick: () => {
      const out = byId("as-text");
      out.textContent = make();
      out.hidden = false;
      out.dataset.kind = id;
      if (navigator.clipboard) navigator.clipboard.writeText(out.textContent).then(() => say(label + ": copied."), () => {});
    }, id,
  }, label);
}

function answerParts(entry) {
  if (!entry.answer) return [el("p", {}, "No answer: the connection ended, or waits.")];
  return [
    headerTable(entry.answer.headers, "Headers of the answer"),
    entry.answer.body ? el("pre", { id: "answer-body", tabIndex: 0 }, pretty(entry.answer.body)) : null,
  ];
}

function showRequest(entry) {
  const nearest = entry.nearest_route;
  detail.replaceChildren(...[
    el("h2", { tabIndex: -1 }, entry.method + " " + targetOf(entry)),
    el("p", {}, el("span", { class: statusClass(entry) }, entry.status ? String(entry.status) : "no answer"),
      ` in ${(entry.ms || 0).toFixed(1)} ms at ${new Date(entry.at).toISOString()}`,
      entry.fault ? el("span", { class: "fault" }, " fault: " + entry.fault) : null),
    nearest ? el("p", { id: "nearest" }, "The sandbox has no such route. The nearest: ",
      el("code", {}, nearest.method + " " + nearest.path)) : null,
    el("div", { class: "bar" }, textButton("As curl", "as-curl", () => asCurl(entry)),
      textButton("As Lua", "as-lua", () => asLua(entry)), el("button", { onclick: closeRequest }, "Close")),
    el("pre", { id: "as-text", hidden: true, tabIndex: 0 }),
    el("h3", {}, "Request"),
    headerTable(entry.headers, "Headers of the request"),
    entry.body ? el("pre", { id: "request-body", tabIndex: 0 }, pretty(entry.body)) : null,
    el("h3", {}, "Answer"),
    ...answerParts(entry),
  ].filter(part => part !== null));
  detail.hidden = false;
  detail.parentElement.classList.add("open");
  detail.scrollTop = 0;
}

function openRequest(number) {
  return act(async () => {
    requests.selected = number;
    drawRequests();
    showRequest(await read("requests/" + number));
    drawRequests();
  });
}

detail.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  closeRequest();
  grid.focus();
});
]==]
