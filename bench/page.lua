#!/usr/bin/env lua5.4
-- Puts the measurements of a bench into a page: `bench/page.lua RESULTS PAGE`. A section goes between the comments
-- `<!-- bench: NAME -->` and `<!-- end -->`; bench/report.lua has their names. One that was not measured stays as it
-- is.

package.path = "bench/?.lua;" .. package.path

local report = require "report"
local results = require "results"

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local source, path = assert(arg[1], "page.lua RESULTS PAGE"), assert(arg[2], "page.lua RESULTS PAGE")
local sections = report.sections(results.read(source))

local page = read(path):gsub("(<!%-%- bench: (%l+) %-%->\n).-(<!%-%- end %-%->)", function(opening, name, closing)
  local text = sections[name]
  return text and opening .. "\n" .. text .. "\n\n" .. closing
end)

local file = assert(io.open(path, "w"))
assert(file:write(page))
assert(file:close())
