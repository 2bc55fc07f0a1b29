--- The requests that a portal got, with their answers: the last ones, as many as fit.
--
-- An entry is kept as it came and copied when it is read, which hides what no reader may see: the tokens.
local hidden = require "hubspot.sandbox.hidden"

local journal = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.Journal", __index = methods }

-- A bound of all bodies together, in bytes: entries have one on their number.
local MOST_BYTES = 64 * 1024 * 1024

--- An empty journal that keeps at most `most` requests, and numbers them on from those of `earlier`, if any.
function journal.new(most, earlier)
  local last = earlier and earlier.last or 0
  return setmetatable({ most = most, entries = {}, first = last + 1, last = last, bytes = 0 }, metatable)
end

local function size_of(entry) return #(entry.body or "") + #(entry.answer and entry.answer.body or "") end

local function drop_first(self)
  self.bytes = self.bytes - size_of(self.entries[self.first])
  self.entries[self.first] = nil
  self.first = self.first + 1
end

local function make_room(self)
  while self.last - self.first + 1 > self.most or (self.bytes > MOST_BYTES and self.first < self.last) do
    drop_first(self)
  end
end

--- Notes a request that came at `at` (ms). Gives its entry, for `answered`.
function methods:note(req, at)
  local entry = {
    number = self.last + 1,
    at = at,
    method = req.method,
    path = req.path,
    query = req.query_text,
    headers = req.headers,
    body = req.body,
  }
  self.last = entry.number
  self.entries[entry.number] = entry
  self.bytes = self.bytes + size_of(entry)
  make_room(self)
  return entry
end

--- Notes how a request ended: its `answer` (nil where there is none), the `ms` that it took, and the kind of the
-- `fault` that struck it.
function methods:answered(entry, ending)
  entry.ms, entry.fault = ending.ms, ending.fault
  if not ending.answer then return end
  local answer = ending.answer
  entry.answer = { status = answer.status, headers = answer.headers, body = answer.body }
  -- Its own drop, or that of all, may have come between.
  if self.entries[entry.number] ~= entry then return end
  self.bytes = self.bytes + #answer.body
  make_room(self)
end

--- Forgets all requests; those to come are numbered on.
function methods:clear()
  self.entries, self.first, self.bytes = {}, self.last + 1, 0
end

-- A request without its headers and bodies, as a row of a table needs it.
local function summary_of(entry)
  return {
    number = entry.number,
    at = entry.at,
    method = entry.method,
    path = hidden.path(entry.path),
    query = hidden.query(entry.query),
    done = entry.done,
    status = entry.answer and entry.answer.status,
    ms = entry.ms,
    fault = entry.fault,
  }
end

local function whole_of(entry)
  local shown = summary_of(entry)
  local answer = entry.answer
  shown.headers, shown.body = hidden.headers(entry.headers), hidden.body(entry.path, entry.body)
  shown.answer = answer
    and {
      status = answer.status,
      headers = hidden.headers(answer.headers),
      body = hidden.body(entry.path, answer.body),
    }
  return shown
end

--- The request with this number, or nil where it is gone or did not come yet.
function methods:get(number)
  local entry = self.entries[number]
  return entry and whole_of(entry)
end

--- The requests after the number `after` (nil: from the first that is kept), at most `limit`, oldest first;
-- `summary` leaves headers and bodies out.
function methods:list(options)
  local shown = options.summary and summary_of or whole_of
  local from = math.max(self.first, (options.after or 0) + 1)
  local to = math.min(self.last, from + (options.limit or self.most) - 1)
  local list = {}
  for number = from, to do
    list[#list + 1] = shown(self.entries[number])
  end
  return list
end

return journal
