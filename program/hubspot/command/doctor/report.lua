--- The findings of `hubspot-lua doctor`.

local core = require "hubspot.core"
local exit_codes = require "hubspot.command.exit_codes"

local report = {}

local methods = {}
local metatable = { __name = "hubspot.command.Report", __index = methods }

local function add(self, finding) self.findings[#self.findings + 1] = finding end

--- All is well with this, or it is merely told.
function methods:ok(check, message) add(self, { check = check, status = "ok", message = message }) end

--- Something may get in the way.
-- @tparam string check
-- @tparam string message
-- @tparam string advice what to do
function methods:warn(check, message, advice)
  add(self, { check = check, status = "warning", message = message, advice = advice })
end

--- Something has to be mended.
-- @tparam string check
-- @tparam string message
-- @tparam string advice what to do
-- @tparam integer code the exit code
function methods:problem(check, message, advice, code)
  add(self, { check = check, status = "problem", message = message, advice = advice })
  if self.code == exit_codes.DONE then self.code = code end
end

local COLORS = { ok = "\27[32m", warning = "\27[33m", problem = "\27[31m" }

local function mark(status, in_color)
  local word = ("%-8s"):format(status)
  return in_color and COLORS[status] .. word .. "\27[0m" or word
end

--- The findings as lines for people: the status, the check, the message, and below it what to do.
-- @tparam boolean in_color
-- @treturn string
function methods:text(in_color)
  local lines = {}
  for _, finding in ipairs(self.findings) do
    lines[#lines + 1] = ("%s %-12s %s"):format(mark(finding.status, in_color), finding.check, finding.message)
    if finding.advice then lines[#lines + 1] = ("%s-> %s"):format((" "):rep(22), finding.advice) end
  end
  return table.concat(lines, "\n") .. "\n"
end

--- The findings for programs.
-- @treturn string
function methods:json() return core.encode { findings = self.findings, exit_code = self.code } .. "\n" end

--- Makes an empty one.
-- @treturn report
function report.new() return setmetatable({ findings = {}, code = exit_codes.DONE }, metatable) end

return report
