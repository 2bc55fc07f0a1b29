--- Elements, requests to the endpoints, and messages, for all panes.
return [==[
const byId = id => document.getElementById(id);

function el(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value);
  }
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

function say(message, isBad) {
  const status = byId("status");
  status.textContent = message;
  status.className = isBad ? "bad" : "";
}

// Of several accounts, the one that is looked at.
let portalId = "";
const ofPortal = path => portalId ? path + (path.includes("?") ? "&" : "?") + "portal=" + portalId : path;

async function send(method, path, body) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "content-type": "application/json" };
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  const response = await fetch(ofPortal(path), options);
  const text = await response.text();
  const value = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Error(value && value.message || response.status + " " + response.statusText);
  return { value, headers: response.headers };
}

const read = async path => (await send("GET", path)).value;

// Runs what a control does; a failure is told, and not thrown.
async function act(doing, done) {
  try {
    await doing();
    if (done) say(done);
  } catch (problem) {
    say(problem.message, true);
  }
}

function on(id, event, doing) {
  byId(id).addEventListener(event, given => {
    if (event === "submit") given.preventDefault();
    doing(given);
  });
}

// Indents JSON without reading its numbers, which may be larger than a browser can hold.
function pretty(text) {
  try { JSON.parse(text); } catch { return text; }
  let out = "", depth = 0, inText = false;
  const line = () => "\n" + "  ".repeat(depth);
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inText) {
      out += char;
      if (char === "\\") out += text[++index];
      else if (char === '"') inText = false;
    } else if (char === '"') { inText = true; out += char; }
    else if (char === "{" || char === "[") {
      const end = char === "{" ? "}" : "]";
      let after = index + 1;
      while (/\s/.test(text[after] || "")) after++;
      if (text[after] === end) { out += char + end; index = after; }
      else { depth++; out += char + line(); }
    } else if (char === "}" || char === "]") { depth--; out += line() + char; }
    else if (char === ",") out += char + line();
    else if (char === ":") out += ": ";
    else if (!/\s/.test(char)) out += char;
  }
  return out;
}

// The next free cursor of a list that is read a page at a time, and those of the pages before.
function pager(previous, next, show) {
  let cursors = [undefined];
  const state = {
    current: () => cursors[cursors.length - 1],
    restart() { cursors = [undefined]; },
    shown(after) {
      previous.disabled = cursors.length < 2;
      next.disabled = !after;
      state.after = after;
    },
  };
  previous.addEventListener("click", () => { cursors.pop(); show(); });
  next.addEventListener("click", () => { cursors.push(state.after); show(); });
  return state;
}

const panes = {};
]==]
