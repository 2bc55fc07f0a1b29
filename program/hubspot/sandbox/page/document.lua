--- The document: its panes and their controls. The script fills them.
return [==[
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>HubSpot sandbox</title>
<link rel="icon" href="data:,">
<style nonce="[nonce]">
{{style}}
</style>
</head>
<body>
<header>
  <h1>HubSpot sandbox</h1>
  <label id="account" hidden>Account <select id="portal-id"></select></label>
  <p id="status" role="status" aria-live="polite"></p>
</header>
<div id="tabs" role="tablist" aria-label="Panes">
  <button role="tab" id="tab-requests" aria-controls="requests" aria-selected="true">Requests</button>
  <button role="tab" id="tab-records" aria-controls="records" aria-selected="false" tabindex="-1">Records</button>
  <button role="tab" id="tab-lists" aria-controls="lists" aria-selected="false" tabindex="-1">Lists</button>
  <button role="tab" id="tab-faults" aria-controls="faults" aria-selected="false" tabindex="-1">Faults</button>
  <button role="tab" id="tab-quota" aria-controls="quota" aria-selected="false" tabindex="-1">Quota</button>
  <button role="tab" id="tab-clock" aria-controls="clock" aria-selected="false" tabindex="-1">Clock</button>
  <button role="tab" id="tab-portal" aria-controls="portal" aria-selected="false" tabindex="-1">Portal</button>
</div>
<main>

<section id="requests" role="tabpanel" aria-labelledby="tab-requests">
  <div class="bar">
    <label>Path <input id="filter-path" type="search" placeholder="part of it" autocomplete="off"></label>
    <label>Status <select id="filter-status">
      <option value="">all</option>
      <option value="2">2xx</option>
      <option value="4">4xx</option>
      <option value="5">5xx</option>
      <option value="bad">errors</option>
      <option value="fault">with a fault</option>
      <option value="none">no answer</option>
    </select></label>
    <label class="check"><input id="follow" type="checkbox" checked> Follow</label>
    <button id="clear-requests">Clear</button>
    <span id="requests-count" class="dim"></span>
  </div>
  <div class="split">
    <div id="request-grid" class="grid" role="grid" aria-label="Requests" tabindex="0" aria-rowcount="0">
      <div class="row head" role="row" aria-rowindex="1">
        <span role="columnheader" class="time">Time</span><span role="columnheader">Method</span>
        <span role="columnheader" class="path">Path</span><span role="columnheader">Status</span>
        <span role="columnheader" class="ms">ms</span><span role="columnheader" class="fault">Fault</span>
      </div>
      <div id="request-rows" role="rowgroup"></div>
    </div>
    <div id="request-detail" class="detail" role="region" aria-label="Request" hidden></div>
  </div>
</section>

<section id="records" role="tabpanel" aria-labelledby="tab-records" hidden>
  <form class="bar" id="records-form">
    <label>Type <select id="record-type"></select></label>
    <label>Search <input id="record-query" type="search" autocomplete="off" placeholder="text, or an id"></label>
    <label class="check"><input id="record-archived" type="checkbox"> Archived</label>
    <button>Show</button>
    <span id="records-count" class="dim"></span>
  </form>
  <div class="split">
    <div>
      <div class="scroll"><table id="record-table"><thead></thead><tbody></tbody></table></div>
      <div class="bar"><button id="records-previous" disabled>Previous</button>
        <button id="records-next" disabled>Next</button></div>
    </div>
    <div id="record-detail" class="detail" role="region" aria-label="Record" hidden></div>
  </div>
</section>

<section id="lists" role="tabpanel" aria-labelledby="tab-lists" hidden>
  <div class="split">
    <div class="scroll"><table id="list-table">
      <thead><tr><th>Id</th><th>Name</th><th>Kind</th><th class="number">Members</th></tr></thead><tbody></tbody>
    </table></div>
    <div id="list-detail" class="detail" role="region" aria-label="Members" hidden></div>
  </div>
</section>

<section id="faults" role="tabpanel" aria-labelledby="tab-faults" hidden>
  <form id="fault-form" class="fields">
    <label>Kind <select id="fault-kind" name="kind"></select></label>
    <label>Path <input name="path" placeholder="/contacts*, ^ begins, $ ends" autocomplete="off"></label>
    <label>Method <select name="method"><option></option><option>GET</option><option>POST</option><option>PATCH</option>
      <option>PUT</option><option>DELETE</option></select></label>
    <label>Times <input name="times" type="number" min="1" value="1"></label>
    <label>After <input name="after" type="number" min="0" placeholder="requests that pass"></label>
    <label>Status <input name="status" type="number" min="100" max="999" placeholder="503"></label>
    <label>Seconds <input name="seconds" type="number" min="0" step="0.1" placeholder="delay"></label>
    <label>Retry-After <input name="retry_after" type="number" min="0" placeholder="seconds"></label>
    <label>Policy <select name="policy"><option></option><option>TEN_SECONDLY_ROLLING</option><option>SECONDLY</option>
      <option>DAILY</option></select></label>
    <label>Rows <input name="indexes" placeholder="1, 3" pattern="[0-9, ]*" autocomplete="off"></label>
    <label>Body <input name="body" placeholder="of the answer" autocomplete="off"></label>
    <label class="check"><input name="together" type="checkbox" value="true"> One error for all rows</label>
    <label class="check"><input name="nameless" type="checkbox" value="true"> Errors name no row</label>
    <button>Add fault</button>
  </form>
  <h2>Waiting</h2>
  <div class="scroll"><table id="fault-table">
    <thead><tr><th>Kind</th><th>Where</th><th class="number">Times</th><th class="number">After</th><th>More</th></tr></thead>
    <tbody></tbody>
  </table></div>
  <div class="bar"><button id="clear-faults">Clear all</button></div>
</section>

<section id="quota" role="tabpanel" aria-labelledby="tab-quota" hidden></section>

<section id="clock" role="tabpanel" aria-labelledby="tab-clock" hidden>
  <p class="big"><output id="clock-time"></output></p>
  <div class="bar">
    <button data-advance="60">+1 minute</button>
    <button data-advance="3600">+1 hour</button>
    <button data-advance="86400">+1 day</button>
  </div>
  <form id="advance-form" class="bar">
    <label>Seconds <input id="advance-seconds" type="number" min="0" required></label><button>Advance</button>
  </form>
  <form id="lag-form" class="bar">
    <label>Search lag, seconds <input id="lag-seconds" type="number" min="0" max="86400" step="any" required></label>
    <button>Set</button>
  </form>
</section>

<section id="portal" role="tabpanel" aria-labelledby="tab-portal" hidden>
  <h2>Start over</h2>
  <form id="reset-form" class="bar">
    <label>Contacts <input id="reset-contacts" type="number" min="0" placeholder="as started"></label>
    <label>Seed <input id="reset-seed" type="number" min="0" placeholder="as started"></label>
    <button>Reset</button>
  </form>
  <h2>Keep</h2>
  <p><a id="export" href="export" download="portal.json">Export the portal</a> as JSON, without credentials.</p>
  <form id="import-form" class="bar">
    <label>Import <input id="import-file" type="file" accept="application/json,.json" required></label>
    <button>Start over with it</button>
  </form>
</section>

</main>
<script nonce="[nonce]">
{{script}}
</script>
</body>
</html>
]==]
