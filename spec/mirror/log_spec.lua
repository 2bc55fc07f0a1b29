-- The log of changes tells of all that differs in the tables from one run to the next, and of nothing else.

local core = require "hubspot.core"
local random_faults = require "spec.support.random_faults"
local random_writer = require "spec.support.random_writer"
local support = require "spec.support.mirror"

local ROUNDS = tonumber(os.getenv "MIRROR_ROUNDS") or 12
local OBJECTS = { "contacts", "companies" }

-- The line that tells of a record's state.
local OPS = { live = "restore", archived = "archive", merged = "merge", gone = "gone" }

local function id_of(number) return ("%.0f"):format(number) end

local function state_of(row)
  if row.gone_at then return "gone" end
  if row.merged_into then return "merged" end
  return row.archived_at and "archived" or "live"
end

-- The records of the mirror by `object id`, and the associations and memberships as a set of texts.
local function snapshot(database)
  local records, links = {}, {}
  for _, object in ipairs(OBJECTS) do
    for _, row in ipairs(database:query("SELECT * FROM " .. object)) do
      records[object .. " " .. id_of(row.id)] = { state = state_of(row), city = row.city }
    end
  end
  for _, row in ipairs(database:query "SELECT * FROM associations") do
    local words = { row.from_object, id_of(row.from_id), row.to_object, id_of(row.to_id), id_of(row.type_id) }
    links[table.concat(words, " ")] = true
  end
  for _, row in ipairs(database:query "SELECT * FROM list_members") do
    links[table.concat({ row.object, id_of(row.record_id), "lists", id_of(row.list_id) }, " ")] = true
  end
  return { records = records, links = links }
end

-- Adds a line of the log to what the lines before tell: of records, their `ops` and the `city` before and after; and of
-- associations, the last line of each.
local function add(told, row)
  local key, changed = row.object .. " " .. id_of(row.id), row.changed and core.decode(row.changed)
  if row.op == "associate" or row.op == "dissociate" then
    local words = { key, changed.to, changed.to_id, changed.type_id }
    told.links[table.concat(words, " ")] = row.op
    return
  end
  local one = told.records[key] or { ops = {} }
  told.records[key] = one
  one.ops[row.op] = true
  local city = changed and changed.city
  if city then one.city = { one.city and one.city[1] or city[1], city[2] } end
end

local function is_cut_off(told, link)
  local from, object, id = link:match "^(%S+ %S+) (%S+) (%S+)"
  for _, key in ipairs { from, object .. " " .. id } do
    local ops = told.records[key] and told.records[key].ops or {}
    if ops.archive or ops.merge or ops.gone then return true end
  end
  return false
end

local function compare_records(before, after, told, found)
  for key, record in pairs(after) do
    local known, one = before[key], told[key] or { ops = {} }
    local state = known and known.state
    if state ~= record.state then
      local is_told = one.ops[OPS[record.state]] or not state and (one.ops.create or record.state ~= "live")
      if not is_told then found[#found + 1] = ("%s: %s, then %s"):format(key, tostring(state), record.state) end
    elseif state == "live" and known.city ~= record.city and not one.ops.restore then
      local city = one.city or {}
      if city[1] ~= (known.city or core.null) or city[2] ~= (record.city or core.null) then
        found[#found + 1] = ("%s: from %s to %s"):format(key, tostring(known.city), tostring(record.city))
      end
    end
    if state == "live" and record.state == "live" and known.city == record.city and one.city then
      if one.city[1] ~= one.city[2] then found[#found + 1] = key .. ": a line, and no change" end
    end
  end
end

local function compare_links(before, after, told, found)
  for link in pairs(after) do
    local op = told.links[link]
    if op == "dissociate" or not op and not before[link] then found[#found + 1] = link .. ": is there" end
  end
  for link in pairs(before) do
    local is_told = told.links[link] == "dissociate" or is_cut_off(told, link)
    if not after[link] and not is_told then found[#found + 1] = link .. ": is gone" end
  end
  for link, op in pairs(told.links) do
    if op == "associate" and not after[link] and not is_cut_off(told, link) then
      found[#found + 1] = link .. ": a line, and none is there"
    end
  end
end

support.on_each(function(start)
  it("tells of what differs, and of nothing else, even where requests fail", function()
    local seed = tonumber(os.getenv "SEED") or os.time()
    math.randomseed(seed)
    local mirror = start(
      { contacts = 40, companies = 15, keeps_primary_id = seed % 2 == 0 },
      { objects = OBJECTS, max_deletes = { count = 1000 } }
    )
    local database = mirror.database
    local writer = random_writer.new {
      portal = mirror.portal,
      client = mirror.client,
      random = math.random,
      is_known = function(...) return mirror:knows_archived(...) end,
      does = "all",
    }
    mirror:run()
    local before, seq, found = snapshot(database), 0, {}
    for round = 1, ROUNDS do
      writer:work(15)
      if round % 3 == 0 then random_faults.add(mirror.portal, math.random) end
      pcall(mirror.run, mirror, { sweep = round % 4 == 0 and "now" or "never" })
      mirror.portal:clear_faults()
      local told = { records = {}, links = {} }
      for _, row in ipairs(database:query(("SELECT * FROM changes WHERE seq > %d ORDER BY seq"):format(seq))) do
        add(told, row)
        seq = tonumber(row.seq)
      end
      local after = snapshot(database)
      compare_records(before.records, after.records, told.records, found)
      compare_links(before.links, after.links, told, found)
      before = after
    end
    assert.is_true(seq > ROUNDS)
    assert.same({}, found, "SEED " .. seed)
  end)
end)
