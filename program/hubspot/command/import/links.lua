--- The links of records that an import wrote: their associations, and the list that they are added to. Both can be made
-- again without harm.
-- @module hubspot.command.import.links

local outcomes = require "hubspot.command.import.outcomes"

local links = {}

local methods = {}
local metatable = { __name = "hubspot.command.Links", __index = methods }

local IS_WRITTEN = { created = true, updated = true, unchanged = true }

-- The pairs for each type, with the rows that they are of.
local function pairs_by_type(written)
  local by_type = {}
  for _, one in ipairs(written) do
    for object_type, targets in pairs(one.row.associations) do
      local wanted = by_type[object_type] or { pairs = {}, rows = {} }
      by_type[object_type] = wanted
      for _, target in ipairs(targets) do
        wanted.pairs[#wanted.pairs + 1] = { from = one.outcome.id, to = target.id, labels = target.labels }
        wanted.rows[#wanted.rows + 1] = one.row
      end
    end
  end
  return by_type
end

-- Adds the refusals of a call to the problems; gives the error that is none.
local function note(problems, wanted, answer, err, object_type)
  if not answer then return err end
  local stopped_by
  for _, pair_err in ipairs(answer.errors) do
    local outcome = outcomes.of_error(wanted.rows[pair_err.index], pair_err)
    if outcome then
      outcome.property = object_type
      outcome.error = ("the record is written; %s %s: %s"):format(
        object_type,
        wanted.pairs[pair_err.index].to,
        outcome.error
      )
      problems[#problems + 1] = outcome
    else
      stopped_by = stopped_by or pair_err
    end
  end
  return stopped_by
end

local function associate(self, written, problems)
  for object_type, wanted in pairs(pairs_by_type(written)) do
    if #wanted.pairs > 0 then
      local answer, err = self.client.associations:create_many(self.object, object_type, wanted.pairs)
      local stopped_by = note(problems, wanted, answer, err, object_type)
      if stopped_by then return stopped_by end
    end
  end
end

local function add_to_list(self, written)
  local ids = {}
  for index, one in ipairs(written) do
    ids[index] = one.outcome.id
  end
  if #ids == 0 then return nil end
  local changed, err = self.client.lists:add(self.list_id, { ids = ids })
  return err or changed.stopped_by
end

--- Returns whether there is anything to link.
-- @treturn boolean
function methods:are_wanted() return self.list_id ~= nil or self.associates end

--- Links the records of rows.
-- @tparam table list of `{ row =, outcome = }`
-- @treturn ?table the outcomes of rows whose associations HubSpot refuses; nil and an error
function methods:make(list)
  local written, problems = {}, {}
  for _, one in ipairs(list) do
    if IS_WRITTEN[one.outcome.did] and one.outcome.id then written[#written + 1] = one end
  end
  local err = self.associates and associate(self, written, problems) or nil
  if not err and self.list_id then err = add_to_list(self, written) end
  if err then return nil, err end
  return problems
end

--- Makes the linker.
-- @tparam table options `client`; `object`, the records' type; `list_id`, or nil; `associates`, whether rows have
--   associations that their write did not make
-- @treturn table
function links.new(options) return setmetatable(options, metatable) end

return links
