#!/usr/bin/env lua5.4
-- Draws what a bench measured: chart.lua RESULTS.json CHART.svg

package.path = "bench/?.lua;" .. package.path

local results = require "results"
local scenarios = require "scenarios"

local WIDTH, LEFT, RIGHT = 820, 270, 110
local ROW, BAR, TITLE, GAP = 24, 14, 30, 22
local INK, FAINT, OURS, OTHERS = "#1f2933", "#616e7c", "#e4572e", "#8fa3b8"

local function escaped(text) return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" })) end

local function text(x, y, content, attributes)
  return ('<text x="%.1f" y="%.1f" %s>%s</text>'):format(x, y, attributes or "", escaped(content))
end

-- A panel of horizontal bars. A bar: `label`, `spread`, `ours`.
local function panel(lines, top, title, format, bars)
  local largest = 0
  for _, bar in ipairs(bars) do
    largest = math.max(largest, bar.spread.most)
  end
  local scale = (WIDTH - LEFT - RIGHT) / largest
  lines[#lines + 1] = text(20, top + 16, title, 'class="title"')
  local y = top + TITLE
  for _, bar in ipairs(bars) do
    local length = bar.spread.median * scale
    lines[#lines + 1] = text(LEFT - 10, y + BAR - 2, bar.label, 'text-anchor="end"')
    lines[#lines + 1] = ('<rect x="%d" y="%.1f" width="%.1f" height="%d" fill="%s"/>'):format(
      LEFT,
      y,
      math.max(length, 1),
      BAR,
      bar.ours and OURS or OTHERS
    )
    if bar.spread.most > bar.spread.least then
      lines[#lines + 1] = ('<path d="M%.1f %.1fH%.1f" stroke="%s" stroke-width="1.5"/>'):format(
        LEFT + bar.spread.least * scale,
        y + BAR / 2,
        LEFT + bar.spread.most * scale,
        INK
      )
    end
    lines[#lines + 1] = text(LEFT + bar.spread.most * scale + 8, y + BAR - 2, format:format(bar.spread.median))
    y = y + ROW
  end
  return y + GAP
end

local function bars_of_contenders(measured, number)
  local bars = {}
  for _, entry in ipairs(scenarios.readers) do
    local spread = results.of(measured, entry.contender)[number]
    if spread then bars[#bars + 1] = { label = entry.label, spread = spread, ours = entry.contender == "hubspot" } end
  end
  return bars
end

local function bars_of_scenario(measured, scenario)
  local bars = {}
  for _, entry in ipairs(scenario.entries) do
    local runs = results.select(measured, { scenario = scenario.name, label = entry.label })
    local spread = results.spread(runs, function(run) return run.records / run.wall end)
    if spread then bars[#bars + 1] = { label = entry.label, spread = spread, ours = entry.contender == "hubspot" } end
  end
  return bars
end

local function draw(measured)
  local lines = {}
  local y =
    panel(lines, 20, "CPU a record, µs (user and system, no latency)", "%.1f", bars_of_contenders(measured, "cpu"))
  y = panel(lines, y, "Peak memory, MB", "%.1f", bars_of_contenders(measured, "memory"))
  for _, scenario in ipairs(scenarios) do
    if scenario.name:find "^quota" then
      local bars = bars_of_scenario(measured, scenario)
      if #bars > 0 then y = panel(lines, y, "Contacts a second: " .. scenario.title, "%.0f", bars) end
    end
  end
  local machine = measured.machine
  lines[#lines + 1] = text(
    20,
    y,
    ("%s, %d cores; Node %s; libcurl %s. Bars: medians; lines: smallest to largest run."):format(
      machine.processor,
      machine.cores,
      machine.node,
      machine.libcurl
    ),
    'class="note"'
  )
  return ([[
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"
  font-family="sans-serif" font-size="13" fill="%s">
<style>.title { font-weight: bold } .note { font-size: 11px; fill: %s }</style>
<rect width="100%%" height="100%%" fill="#ffffff"/>
%s
</svg>
]]):format(WIDTH, y + 20, WIDTH, y + 20, INK, FAINT, table.concat(lines, "\n"))
end

local source, target = arg[1], arg[2]
if not target then
  io.stderr:write "usage: chart.lua RESULTS.json CHART.svg\n"
  os.exit(2)
end
local file = assert(io.open(target, "w"))
assert(file:write(draw(results.read(source))))
assert(file:close())
