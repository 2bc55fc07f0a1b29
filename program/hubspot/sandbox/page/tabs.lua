--- The tabs, and the look at the server, several times a second.
return [==[
const tabs = [...document.querySelectorAll("[role=tab]")];
let open = "requests";

function openTab(name) {
  open = name;
  for (const tab of tabs) {
    const isIt = tab.getAttribute("aria-controls") === name;
    tab.setAttribute("aria-selected", String(isIt));
    tab.tabIndex = isIt ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !isIt;
  }
  say("");
  history.replaceState(null, "", "#" + name);
  return panes[name].show();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener("click", () => openTab(tab.getAttribute("aria-controls")));
  tab.addEventListener("keydown", event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    next.focus();
    openTab(next.getAttribute("aria-controls"));
  });
}

let isAway = false;

async function look() {
  try {
    await panes.requests.poll();
    if (open !== "requests" && panes[open].poll) await panes[open].poll();
    if (isAway) say("");
    isAway = false;
  } catch {
    isAway = true;
    say("The sandbox does not answer.", true);
  }
  setTimeout(look, document.hidden ? 5000 : 400);
}

function changePortal() {
  portalId = byId("portal-id").value;
  byId("export").href = ofPortal("export");
  requests.last = 0;
  forgetRequests();
  closeRecord();
  closeList();
  recordPager.restart();
  return openTab(open);
}

async function loadPortals() {
  const ids = await read("portals");
  byId("portal-id").replaceChildren(...ids.map(id => el("option", {}, id)));
  byId("account").hidden = ids.length < 2;
}

on("portal-id", "change", changePortal);
act(loadPortals);

const openNamed = () => openTab(panes[location.hash.slice(1)] ? location.hash.slice(1) : "requests");

addEventListener("hashchange", openNamed);
openNamed();
look();
]==]
