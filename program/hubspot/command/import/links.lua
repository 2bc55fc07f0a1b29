--- The links of records that an import wrote: their associations, and the list that they are added to. Both can be made
-- again without harm.
-- @module hubspot.command.import.links

local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
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
      local wanted = by_type[object_type] or { pairs = {}, of = {} }
      by_type[object_type] = wanted
      for _, target in ipairs(targets) do
        wanted.pairs[#wanted.pairs + 1] = { from = one.outcome.id, to = target.id, labels = target.labels }
        wanted.of[#wanted.of + 1] = one
      end
    end
  end
  return by_type
end

-- Problems of rows, by their rows: each row may have several.
local function new_problems() return { of_row = {}, rows = {} } end

local function add_problem(problems, one, outcome)
  local known = problems.of_row[one.row]
  if known then
    known.error = known.error .. "; " .. outcome.error
    return
  end
  outcome.line, outcome.did, outcome.id = one.row.line, "refused", one.outcome.id
  outcome.error = "the record is written; " .. outcome.error
  problems.of_row[one.row] = outcome
  problems.rows[#problems.rows + 1] = outcome
end

-- Adds the refusals of a call to the problems; gives the error that is none.
local function note(problems, wanted, answer, err, object_type)
  if not answer then return err end
  local stopped_by
  for _, pair_err in ipairs(answer.errors) do
    local one = wanted.of[pair_err.index]
    local outcome = outcomes.of_error(one.row, pair_err)
    if outcome then
      outcome.property = object_type
      outcome.error = ("%s %s: %s"):format(object_type, wanted.pairs[pair_err.index].to, outcome.error)
      add_problem(problems, one, outcome)
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

-- A record that HubSpot does not find is there, where this import wrote it: to create it again would make two.
local function missing_status(self) return self.creates and outcomes.UNKNOWN or 404 end

local function add_to_list(self, written, problems)
  local ids, by_id = {}, {}
  for index, one in ipairs(written) do
    ids[index] = one.outcome.id
    by_id[one.outcome.id] = by_id[one.outcome.id] or {}
    table.insert(by_id[one.outcome.id], one)
  end
  if #ids == 0 then return nil end
  local changed, err = self.client.lists:add(self.list_id, { ids = ids })
  if not changed then return err end
  for _, id in ipairs(changed.missing_ids) do
    for _, one in ipairs(by_id[id] or {}) do
      local message = ("list %s: HubSpot finds no record %s"):format(self.list_id, id)
      add_problem(problems, one, { status = missing_status(self), error = message, property = "" })
    end
  end
  return changed.stopped_by
end

--- Returns whether there is anything to link.
-- @treturn boolean
function methods:are_wanted() return self.list_id ~= nil or self.associates end

local function is_wanted_of(self, row) return self.list_id ~= nil or next(row.associations) ~= nil end

--- Links the records of rows.
-- @tparam table list of `{ row =, outcome = }`
-- @treturn ?table the outcomes of rows whose links HubSpot refuses; nil and an error
function methods:make(list)
  local written, problems = {}, new_problems()
  for _, one in ipairs(list) do
    local is_written = IS_WRITTEN[one.outcome.did]
    if is_written and one.outcome.id then
      written[#written + 1] = one
    elseif is_written and is_wanted_of(self, one.row) then
      local message = "HubSpot did not tell its id, so it is not associated or in the list"
      add_problem(problems, one, { status = missing_status(self), error = message, property = "" })
    end
  end
  local err = self.associates and associate(self, written, problems) or nil
  if not err and self.list_id then err = add_to_list(self, written, problems) end
  if err then return nil, err end
  return problems.rows
end

-- The check beforehand --------------------------------------------------------------------------------------------

-- Properties with the ids of the records that went into one.
local MERGED = { "hs_merged_object_ids", "hs_calculated_merged_vids" }

-- The ids that records of a type answer to; nil and an error.
local function known_ids(client, object_type, ids)
  local records, err = client:objects(object_type):get_many(ids, { properties = MERGED })
  if not records then return nil, err end
  local known = {}
  for _, record in ipairs(records) do
    known[record.id] = true
    for _, name in ipairs(MERGED) do
      for id in (record.properties[name] or ""):gmatch "%d+" do
        known[id] = true
      end
    end
  end
  return known
end

local function targets_by_type(rows)
  local by_type = {}
  for _, row in ipairs(rows) do
    for object_type, targets in pairs(row.associations) do
      by_type[object_type] = by_type[object_type] or {}
      for _, one in ipairs(targets) do
        table.insert(by_type[object_type], one.id)
      end
    end
  end
  return by_type
end

--- Finds the associations that HubSpot would refuse, for no record has their id. A type that the token may not read, or
-- that has no such route, shows nothing.
-- @tparam table rows
-- @treturn ?table outcomes by row; nil and an error after which the same may work later
function methods:foresee(rows)
  local refused = {}
  for object_type, ids in pairs(targets_by_type(rows)) do
    local known, err = known_ids(self.client, object_type, ids)
    if not known and fail.code_of(err) == exit_codes.TEMPORARY then return nil, err end
    for _, row in ipairs(known and rows or {}) do
      for _, one in ipairs(row.associations[object_type] or {}) do
        if not known[one.id] then
          refused[row] = refused[row]
            or {
              line = row.line,
              did = "refused",
              status = 404,
              error = ("no record of %s has the id %s"):format(object_type, one.id),
              property = object_type,
            }
        end
      end
    end
  end
  return refused
end

--- Makes the linker.
-- @tparam table options `client`; `object`, the records' type; `list_id`, or nil; `associates`, whether rows have
--   associations that their write did not make; `creates`, whether records may come twice
-- @treturn table
function links.new(options) return setmetatable(options, metatable) end

return links
