--- The style of the page, for light and dark screens, wide and narrow ones.
return [==[
:root {
  color-scheme: light dark;
  --text: #1d2733; --dim: #5b6775; --back: #ffffff; --pane: #f4f6f8; --line: #d5dbe1; --link: #0b5cad;
  --good: #1a6e37; --bad: #b3261e; --warn: #8a5300; --mark: #dbe9fa;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e3e8ee; --dim: #9aa7b4; --back: #14191f; --pane: #1c232b; --line: #35404c; --link: #8ec1ff;
    --good: #7fd49a; --bad: #ff9a91; --warn: #f2bf6b; --mark: #20354d;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: flex; flex-direction: column; background: var(--back); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif;
}
header { display: flex; gap: 1rem; align-items: baseline; padding: .5rem .75rem 0; min-height: 2.2rem; }
h1 { font-size: 1.05rem; margin: 0; white-space: nowrap; }
h2 { font-size: .95rem; margin: 1rem 0 .4rem; }
h3 { font-size: .85rem; margin: .9rem 0 .3rem; color: var(--dim); }
#status { margin: 0; color: var(--dim); overflow: hidden; text-overflow: ellipsis; }
#status.bad { color: var(--bad); }
[role=tablist] { display: flex; overflow-x: auto; border-bottom: 1px solid var(--line); padding: 0 .5rem; flex: none; }
[role=tab] {
  border: 0; border-bottom: 3px solid transparent; border-radius: 0; background: none; color: var(--dim);
  padding: .45rem .7rem; min-height: 36px;
}
[role=tab][aria-selected=true] { color: var(--text); border-bottom-color: var(--link); font-weight: 600; }
main { flex: 1; min-height: 0; overflow: auto; padding: .6rem .75rem; }
section { min-height: 0; }
#requests:not([hidden]) { display: flex; flex-direction: column; height: 100%; }
[hidden] { display: none !important; }
button, input, select { font: inherit; color: inherit; }
button, input:not([type=checkbox]):not([type=range]):not([type=file]), select {
  background: var(--back); border: 1px solid var(--line); border-radius: 5px; padding: .25rem .55rem; min-height: 30px;
}
button { cursor: pointer; background: var(--pane); }
button:disabled { opacity: .5; cursor: default; }
button.link {
  border: 0; padding: 0; min-height: 0; background: none; color: var(--link); text-decoration: underline; text-align: left;
}
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.bar, .fields { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: end; margin: 0 0 .6rem; }
.bar label, .fields label { display: flex; flex-direction: column; font-size: .8rem; color: var(--dim); }
.bar label.check, .fields label.check { flex-direction: row; gap: .35rem; align-items: center; min-height: 30px; }
.bar input, .bar select, .fields input, .fields select { color: var(--text); font-size: .875rem; }
.fields input[type=number] { width: 8.5rem; }
.dim { color: var(--dim); }
.big { font-size: 1.3rem; margin: .3rem 0 .8rem; }
.split { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; min-height: 0; flex: 1; }
@media (min-width: 900px) { .split.open { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@media (max-width: 899px) { .split.open .grid { height: 40vh; flex: none; } .split { display: flex; flex-direction: column; } }
.grid { border: 1px solid var(--line); border-radius: 6px; overflow: auto; position: relative; min-height: 9rem; flex: 1; }
.grid .row {
  display: grid; grid-template-columns: 6.4rem 3.6rem minmax(0, 1fr) 3.1rem 4rem 6rem; gap: .4rem; height: 26px;
  align-items: center; padding: 0 .5rem; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.grid .row span { overflow: hidden; text-overflow: ellipsis; }
.grid .row.head { position: sticky; top: 0; background: var(--pane); color: var(--dim); font-size: .8rem; z-index: 1; }
#request-rows { position: relative; }
#request-rows .row { position: absolute; left: 0; right: 0; cursor: pointer; }
#request-rows .row:hover { background: var(--pane); }
#request-rows .row[aria-selected=true] { background: var(--mark); }
/* A path that is too long loses its beginning: its end tells it from others. */
#request-rows .path { direction: rtl; text-align: left; }
.ms { text-align: right; }
@media (max-width: 640px) {
  .grid .row { grid-template-columns: 3.9rem minmax(0, 1fr) 2.6rem 4.2rem; }
  .grid .time, .grid .fault { display: none; }
}
.s2 { color: var(--good); } .s4 { color: var(--warn); } .s5, .s0 { color: var(--bad); font-weight: 600; }
#request-rows .fault, .detail .fault { color: var(--warn); }
h2:focus-visible { outline: none; }
.detail { border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem; overflow: auto; min-width: 0; }
.detail h2:first-child { margin-top: 0; overflow-wrap: anywhere; }
pre {
  background: var(--pane); border-radius: 5px; padding: .5rem; margin: .2rem 0; overflow: auto; max-height: 24rem;
  font: 12.5px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere;
}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: .8rem; color: var(--dim); }
td { overflow-wrap: anywhere; }
#record-table td { overflow-wrap: normal; white-space: nowrap; max-width: 18rem; overflow: hidden; text-overflow: ellipsis; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.detail td input { width: 100%; min-width: 7rem; }
fieldset { border: 1px solid var(--line); border-radius: 6px; margin: 0 0 .8rem; padding: .5rem .75rem; }
legend { font-weight: 600; padding: 0 .3rem; }
meter { width: 100%; height: 1.1rem; }
fieldset .bar { margin: .4rem 0 0; }
fieldset input[type=range] { width: 16rem; max-width: 60vw; }
]==]
