--- Reading all records side by side: the range of ids is cut into parts, and several of them are read at once.
--
-- HubSpot's cursor of a list of records is the id of the last one, as far as anybody can see; it is documented nowhere.
-- So whatever follows from it is checked: that the ids of a page rise above the cursor, that HubSpot's own cursor is
-- the last id, that a part begins with the record that the part before it saw behind its end, and that no fewer
-- records came than a search counts. Where a check fails, everything is read by HubSpot's cursors, one page after the
-- other, and what was given already is left out.
-- @module hubspot.scan

local errors = require "hubspot.error"
local id_set = require "hubspot.id_set"
local id_text = require("hubspot.id").text

local scan = {}

-- Doubles hold integers of so many digits, whatever they are.
local LONGEST_ID = 15

-- How many pages a part has, as far as the ids of the last page let expect, and how many of them may wait for the
-- caller. The last page of a part holds records of the next one, too: the longer a part, the less is read twice. Where
-- the order counts, parts wait for those before them.
local ORDERED = { pages_a_part = 4, pages_ahead = 4 }
local UNORDERED = { pages_a_part = 32, pages_ahead = 2 }

-- Less than that is not worth another part.
local FEWEST_PAGES_TO_CUT = 4

local function to_number(id)
  if type(id) ~= "string" or #id > LONGEST_ID or not id:find "^%d+$" then return nil end
  return tonumber(id)
end

-- Parts ------------------------------------------------------------------------------------------------------------

-- A part is the ids in (start, to]; the last one has no `to` until the end of the data is seen. `cursor` is how far it
-- is read, `pages` are read and not given out, `first_seen` is the record that its first page began with, and
-- `seen_behind` the one that ended it.
local function new_part(start, to) return { start = start, cursor = start, to = to, pages = {} } end

local function is_untouched(part) return not part.reading and not part.ended and part.first_seen == nil end

local function is_given(part) return part.ended and #part.pages == 0 end

local function cut(state, index, at)
  local part = state.parts[index]
  table.insert(state.parts, index + 1, new_part(at, part.to))
  part.to = at
end

-- Cuts the part with the most pages left, so that nobody is idle; says whether there was one.
local function cut_longest(state)
  local longest, from, most = nil, nil, FEWEST_PAGES_TO_CUT * state.ids_a_page
  for index, part in ipairs(state.parts) do
    if part.to and not part.ended then
      -- The page that is being read stays on this side.
      local unread = part.cursor + (part.reading and state.ids_a_page or 0)
      if part.to - unread > most then
        longest, from, most = index, unread, part.to - unread
      end
    end
  end
  if not longest then return false end
  -- Full pages on this side, where ids have no gaps.
  local pages = math.floor(most / 2 / state.ids_a_page)
  cut(state, longest, math.floor(from + pages * state.ids_a_page))
  return true
end

-- The first part of which a page can be read.
local function find_readable(state)
  for index, part in ipairs(state.parts) do
    if not part.reading and not part.ended and not part.err and #part.pages < state.sizes.pages_ahead then
      return part, index
    end
  end
end

-- A part that was given out is kept as long as the next one is to be checked against it.
local function drop_given_parts(state)
  local parts = {}
  for index, part in ipairs(state.parts) do
    local following = state.parts[index + 1]
    if not is_given(part) or (following and following.first_seen == nil) then parts[#parts + 1] = part end
  end
  state.parts = parts
end

local function count_open_parts(state)
  local count = 0
  for _, part in ipairs(state.parts) do
    if not is_given(part) then count = count + 1 end
  end
  return count
end

-- The part to read next, or nil. The open end is cut into parts as it is reached.
local function next_part(state)
  local part, index = find_readable(state)
  local may_cut = state.ids_a_page and count_open_parts(state) < state.parallel
  if not part and may_cut and not state.ordered and cut_longest(state) then
    part, index = find_readable(state)
  end
  if part and not part.to and state.ids_a_page then
    if count_open_parts(state) > state.parallel then return nil end
    cut(state, index, part.cursor + math.max(1, math.floor(state.ids_a_page * state.sizes.pages_a_part)))
  end
  return part
end

-- What is not given out yet, as ranges of ids; neighbours are one.
local function remaining(state)
  local ranges = {}
  for _, part in ipairs(state.parts) do
    if not is_given(part) then
      local after = part.pages[1] and part.pages[1].after or part.cursor
      local previous = ranges[#ranges]
      if previous and previous.last == after then
        previous.last = part.to
      else
        ranges[#ranges + 1] = { first = after, last = part.to }
      end
    end
  end
  return ranges
end

local function to_position(ranges)
  if #ranges == 0 then return nil end
  local list = {}
  for index, range in ipairs(ranges) do
    list[index] = { after = range.first > 0 and id_text(range.first) or nil, to = range.last and id_text(range.last) }
  end
  return { ranges = list }
end

local function from_position(position)
  local parts = {}
  for index, range in ipairs(position.ranges or { { after = position.after } }) do
    parts[index] = new_part(tonumber(range.after or 0), tonumber(range.to))
  end
  return parts
end

-- Checks -----------------------------------------------------------------------------------------------------------

-- The ids of a page as numbers; or nil and what is wrong with them.
local function check_ids(items, after, following)
  local ids, previous = {}, after
  for index, item in ipairs(items) do
    local id = to_number(item.id)
    if not id then return nil, ("the id %s is no number of at most %d digits"):format(tostring(item.id), LONGEST_ID) end
    if id <= previous then return nil, ("the record %s came behind %s"):format(item.id, id_text(previous)) end
    ids[index], previous = id, id
  end
  if following and (#items == 0 or to_number(following) ~= previous) then
    return nil, ("HubSpot's cursor behind the record %s is %s"):format(id_text(previous), tostring(following))
  end
  return ids
end

-- A part that ended with a record behind its end tells which one the next part begins with.
local function check_seams(state)
  for index = 2, #state.parts do
    local before, part = state.parts[index - 1], state.parts[index]
    local seen = before.to == part.start and before.seen_behind
    if seen and part.first_seen ~= nil and part.first_seen ~= seen then
      return ("behind %s comes the record %s, but %s where it was read from there"):format(
        id_text(part.start),
        id_text(seen),
        part.first_seen and id_text(part.first_seen) or "none"
      )
    end
  end
end

-- Between the end of a part and the record seen behind it there is none, and none behind the end of the data: what was
-- not begun there is not asked for.
local function skip_gap(state, part)
  local seen = part.seen_behind or (part.saw_end and math.huge)
  if not seen then return end
  for _, other in ipairs(state.parts) do
    if is_untouched(other) and other.start >= (part.to or math.huge) then
      if (other.to or math.huge) < seen or seen == math.huge then
        other.ended, other.first_seen, other.seen_behind = true, part.seen_behind or false, part.seen_behind
      elseif other.cursor < seen then
        other.cursor = seen - 1
      end
    end
  end
end

-- Reading ----------------------------------------------------------------------------------------------------------

local function fall_back(state, reason)
  if state.sequential then return end
  state.sequential = { range = 1 }
  state.on_fallback(reason)
end

-- Takes a page into its part; what lies behind the part's end belongs to the next one.
local function take_page(state, part, items, following)
  local ids, problem = check_ids(items, part.cursor, following)
  if not ids then return fall_back(state, problem) end
  if #ids > 1 then state.ids_a_page = (ids[#ids] - ids[1]) / (#ids - 1) * state.page_size end
  if part.first_seen == nil then part.first_seen = ids[1] or false end
  local page = { items = {}, ids = {}, after = part.cursor }
  for index, id in ipairs(ids) do
    if part.to and id > part.to then
      part.seen_behind = id
      break
    end
    page.items[index], page.ids[index] = items[index], id
    part.cursor = id
  end
  if #page.ids > 0 then part.pages[#part.pages + 1] = page end
  part.saw_end = not following and not part.seen_behind
  part.ended = part.seen_behind ~= nil or part.saw_end or part.cursor == part.to
  skip_gap(state, part)
  local seam = check_seams(state)
  if seam then fall_back(state, seam) end
end

local read_ahead

local function read_page(state, part)
  part.reading = true
  state.reading = state.reading + 1
  local generation = state.generation
  state.loop:spawn(function()
    local items, following = state.read(part.cursor > 0 and id_text(part.cursor) or nil, true)
    if state.sequential or state.generation ~= generation then return end
    part.reading = false
    if not items then
      part.err = following
    else
      take_page(state, part, items, following)
    end
  end, function(failure)
    if state.generation ~= generation then return end
    state.reading = state.reading - 1
    part.reading = false
    if failure ~= nil then part.thrown = { failure } end
    if failure == nil then read_ahead(state) end
    if state.waiter then state.waiter:wake() end
  end)
end

-- Starts what may be read now.
function read_ahead(state)
  while not state.sequential and state.reading < state.parallel do
    local part = next_part(state)
    if not part then return end
    read_page(state, part)
  end
end

-- The consumer's side ----------------------------------------------------------------------------------------------

-- A part with a page to give out; in order, only the first one may.
local function part_to_give(state)
  for _, part in ipairs(state.parts) do
    if #part.pages > 0 then return part end
    if state.ordered and not part.ended then return nil end
  end
end

-- The position behind an item of a page that was given out, and before everything else that was not.
local function position_behind(state, page, index)
  local rest, ranges, placed = { first = page.ids[index], last = page.ids[#page.ids] }, {}, false
  for _, range in ipairs(remaining(state)) do
    if not placed and range.first >= rest.last then
      ranges[#ranges + 1], placed = rest, true
    end
    ranges[#ranges + 1] = range
  end
  if not placed then ranges[#ranges + 1] = rest end
  return to_position(ranges)
end

local function give_page(state, part)
  local page = table.remove(part.pages, 1)
  state.given:add(page.ids)
  state.last_given = math.max(state.last_given, page.ids[#page.ids])
  drop_given_parts(state)
  return {
    items = page.items,
    -- What comes before the end is not the end: the count is still to be checked.
    following = to_position(remaining(state)) or { ranges = {} },
    behind = function(index) return position_behind(state, page, index) end,
  }
end

local function take_failure(state)
  for _, part in ipairs(state.parts) do
    if part.thrown then error(part.thrown[1], 0) end
    if part.err then
      local err = part.err
      part.err = nil
      return err
    end
  end
end

-- Fewer records than a search counts, among those up to the last one, are too few. A search that fails tells nothing.
local function check_count(state)
  if state.last_given == 0 or not state.is_whole then return end
  local expected = state.count(id_text(state.last_given))
  if expected and state.given.count < expected then
    fall_back(state, ("%d records were read, and a search counts %d"):format(state.given.count, expected))
  end
end

local function without_given(state, items)
  local lowest, highest = math.huge, 0
  for _, item in ipairs(items) do
    local id = to_number(item.id)
    if id then
      lowest, highest = math.min(lowest, id), math.max(highest, id)
    end
  end
  local given, fresh = state.given:between(lowest, highest), {}
  for _, item in ipairs(items) do
    if not given[to_number(item.id) or item.id] then fresh[#fresh + 1] = item end
  end
  return fresh
end

-- A range's items, up to its end.
local function up_to(items, to)
  if not to then return items, false end
  local kept = {}
  for index, item in ipairs(items) do
    local id = to_number(item.id)
    if id and id > tonumber(to) then return kept, true end
    kept[index] = item
  end
  return kept, false
end

-- One page after the other, from where this scan began.
local function read_sequentially(state)
  local at = state.sequential
  local range = state.beginning[at.range]
  if not range then return { items = {} } end
  local items, following = state.read(at.after or range.after)
  if not items then return nil, following end
  local kept, reached_end = up_to(items, range.to)
  at.after = following
  if reached_end or not following then
    at.range, at.after = at.range + 1, nil
  end
  local ranges = {}
  for index = at.range, #state.beginning do
    ranges[#ranges + 1] = state.beginning[index]
  end
  if at.after then ranges[1] = { after = at.after, to = range.to } end
  -- These ranges may have been a position before, when the parts were read side by side.
  local following_position = #ranges > 0 and { ranges = ranges, sequential = true } or nil
  return { items = without_given(state, kept), following = following_position, size = state.page_size }
end

-- A host may have dropped those who read: their parts can be read anew.
local function forget_reading(state)
  state.generation, state.reading = state.generation + 1, 0
  for _, part in ipairs(state.parts) do
    part.reading = false
  end
  return errors.new { kind = "timeout", message = "no page came within the deadline" }
end

-- The next page, whichever part it is of.
local function next_page(state)
  while not state.sequential do
    read_ahead(state)
    local part = part_to_give(state)
    if part then return give_page(state, part) end
    local err = take_failure(state)
    if err then return nil, err end
    if count_open_parts(state) == 0 then
      check_count(state)
      if not state.sequential then return { items = {} } end
    elseif state.reading > 0 then
      state.waiter = state.loop:waiter()
      local was_woken = state.waiter:wait(state.span and state.span:left() or state.patience)
      state.waiter = nil
      if not was_woken then return nil, forget_reading(state) end
    end
  end
  return read_sequentially(state)
end

--- Makes a scan.
-- @tparam table options `loop`; `parallel`, how many pages are read at once; `ordered`, whether records come in the
--   order of their ids; `page_size`; `position`, where to begin; `read`, function(after, ahead) that gives the items
--   behind an id and HubSpot's cursor, or nil and an error (`ahead` is true where it is not for this step alone);
--   `count`, function(id) that gives how many records there are up to an id, or nil; `on_fallback`, function(reason);
--   `patience`, seconds in which a page must come, or the `span` of the iterator's step
-- @treturn function() that returns a page as `hubspot.pager` takes it, or nil and an error
function scan.new(options)
  local position = options.position
  local state = {
    sizes = options.ordered and ORDERED or UNORDERED,
    parts = from_position(position),
    beginning = position.ranges or { { after = position.after } },
    -- A count is one of all records.
    is_whole = position.ranges == nil and position.after == nil,
    given = id_set.new(),
    last_given = 0,
    reading = 0,
    generation = 0, -- of those who read
  }
  for name, value in pairs(options) do
    state[name] = value
  end
  return function() return next_page(state) end
end

return scan
