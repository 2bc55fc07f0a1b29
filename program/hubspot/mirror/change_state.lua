--- The place of a program that follows changes without a database: a file with the cursor of each type, and the records
-- that it told of within the overlap, so that it tells of none twice.
-- @module hubspot.mirror.change_state

local core = require "hubspot.core"
local durable = require "hubspot.durable"
local time = require "hubspot.time"

local change_state = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.ChangeState", __index = methods }

local function read(path)
  local file, problem, code = io.open(path, "rb")
  -- 2 is ENOENT on every Unix.
  if not file then return code == 2 and {} or nil, problem end
  local text = file:read "*a"
  file:close()
  local decoded = core.decode(text or "")
  if type(decoded) ~= "table" or type(decoded.objects) ~= "table" then
    return nil, path .. ": is no state of changes"
  end
  return decoded.objects
end

--- Opens a file; where there is none, following begins at the present.
-- @tparam string path
-- @treturn ?table nil and a message where it is something else
function change_state.open(path)
  local objects, problem = read(path)
  if not objects then return nil, problem end
  return setmetatable({ path = path, objects = objects }, metatable)
end

local function of(self, object)
  self.objects[object] = self.objects[object] or { told = {} }
  return self.objects[object]
end

--- The options that continue the changes of a type.
function methods:options(object)
  local one = of(self, object)
  return {
    cursor = one.cursor,
    known = function(ids)
      local times = {}
      for _, id in ipairs(ids) do
        times[id] = one.told[id]
      end
      return times
    end,
  }
end

-- A record may be archived again, and an old id may lead to another record later.
local function key_of(event)
  if event.op == "merge" then return ("merge %s %s"):format(event.id, event.into) end
  return "archive " .. event.id
end

local function time_of(event)
  local at = event.record and event.record.archivedAt
  return at and time.from_iso(at) or nil
end

--- Returns whether an event was told before: of an archived record, or of a merge.
function methods:is_told(object, event)
  local told_at, at = of(self, object).told[key_of(event)], time_of(event)
  return told_at ~= nil and (at == nil or at == told_at)
end

--- Notes what was told, and the cursor after it.
function methods:note(object, events, cursor)
  local one = of(self, object)
  one.cursor = cursor
  for _, event in ipairs(events) do
    if event.op == "upsert" then
      one.told[event.id] = time.from_iso(event.record.updatedAt or "")
    else
      one.told[key_of(event)] = time_of(event) or os.time() * 1000
      -- Where it comes back, it does so with the time that it had.
      one.told[event.id] = nil
    end
  end
end

--- Forgets what can't come again. A merge comes again with each change of the record that is left.
function methods:forget(object, before_ms)
  local told = of(self, object).told
  for key, at in pairs(told) do
    if at < before_ms and not key:find "^merge " then told[key] = nil end
  end
end

--- Writes the file, in one step.
-- @treturn ?boolean true, or nil and a message
function methods:save()
  local beside = self.path .. ".new"
  local file, problem = io.open(beside, "wb")
  if not file then return nil, problem end
  local written, write_problem = file:write(core.encode { objects = self.objects }, "\n")
  local closed, close_problem = file:close()
  if not written or not closed then return nil, write_problem or close_problem end
  return durable.rename(beside, self.path)
end

return change_state
