-- Syncs the contacts of a CSV file to HubSpot, puts them in a new list, reads the list back and says what differs.
--
--     sync_csv.lua [--write] [file.csv]
--
-- The columns are named after HubSpot's contact properties; one of them is email. An empty cell leaves its property
-- alone. With HUBSPOT_TOKEN set it works on your account, where it needs the flag --write to write; without it, on the
-- sandbox at HUBSPOT_BASE_URL, which `make demo` starts. It exits with 0 when all rows but those that it reports are
-- in HubSpot as they are in the file.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/sync_csv.lua examples/contacts.csv

local DIRECTORY = arg[0]:match "^.*[/\\]" or ""
package.path = DIRECTORY .. "?.lua;" .. package.path

local connect = require "connect"
local csv = require "csv"

local check = connect.check

local USAGE = "sync_csv.lua [--write] [file.csv]"

-- Rows that are sent before the next ones are read. The library sends them 100 a request.
local ROWS_AT_A_TIME = 200

-- Output ---------------------------------------------------------------------------------------------------------

local BAR_WIDTH = 30

-- True only on systems that have a `test`. os.execute gives a number on 5.1, and true or nil after it.
local function stderr_is_terminal()
  if package.config:sub(1, 1) ~= "/" then return false end
  local result = os.execute "test -t 2"
  return result == true or result == 0
end

local progress = { shown = stderr_is_terminal(), width = 0 }

function progress.clear()
  if progress.width == 0 then return end
  io.stderr:write("\r", (" "):rep(progress.width), "\r")
  progress.width = 0
end

function progress.update(label, done, total)
  if not progress.shown then return end
  local share = total and total > 0 and math.min(1, done / total) or 0
  local filled = math.floor(share * BAR_WIDTH)
  local text = ("%-12s [%s%s] %3d%%"):format(
    label,
    ("#"):rep(filled),
    ("-"):rep(BAR_WIDTH - filled),
    math.floor(share * 100)
  )
  io.stderr:write("\r", text)
  progress.width = #text
end

local function say(...)
  progress.clear()
  print(string.format(...))
end

local function with_commas(number)
  local text = ("%d"):format(number):reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (text:gsub("^,", ""))
end

-- The file -------------------------------------------------------------------------------------------------------

-- An iterator over the file's records. `source.position` and `source.size` tell how far it is; a pipe has no size.
local function open(path)
  local file, message = io.open(path, "rb")
  if not file then error(message, 0) end
  local source = { position = 0, size = file:seek "end" }
  if source.size then file:seek "set" end
  source.records = csv.records(function()
    local piece, problem = file:read(4096)
    if problem then return nil, ("%s: %s"):format(path, problem) end
    source.position = source.position + #(piece or "")
    return piece
  end)
  return source
end

local function trimmed(text) return text:match "^%s*(.-)%s*$" end

local function read_header(source)
  local _, cells, problem = source.records()
  if problem then error("The first line is " .. problem, 0) end
  local columns, seen = {}, {}
  for index, cell in ipairs(cells or {}) do
    local name = trimmed(cell):lower()
    if name == "" then error(("Column %d has no name."):format(index), 0) end
    if seen[name] then error(("There are two columns %s."):format(name), 0) end
    columns[index], seen[name] = name, true
  end
  if not seen.email then error("The first line names no column email.", 0) end
  return columns
end

-- HubSpot refuses every row for a property that it does not know: better to know before the first one.
local function check_columns(client, columns)
  local properties, errs = client:map(columns, function(name) return client.properties:get(name) end)
  for index, name in ipairs(columns) do
    local err = errs[index]
    if err and err.status == 404 then
      error(("HubSpot has no contact property %s (column %d)."):format(name, index), 0)
    end
    if err then error(err, 0) end
    local metadata = properties[index].modificationMetadata
    if metadata and metadata.readOnlyValue then
      error(("HubSpot lets nobody write the contact property %s (column %d)."):format(name, index), 0)
    end
  end
end

-- The record to send for the cells of a row, or nil and what is wrong with them.
local function read_row(columns, cells)
  if #cells ~= #columns then return nil, ("%d cells where the header has %d"):format(#cells, #columns) end
  local email, properties = nil, {}
  for index, name in ipairs(columns) do
    if name == "email" then
      email = trimmed(cells[index])
    elseif cells[index] ~= "" then
      properties[name] = cells[index]
    end
  end
  if email == "" then return nil, "no e-mail address" end
  if not next(properties) then properties.email = email end
  return { email = email, properties = properties }
end

-- Sending --------------------------------------------------------------------------------------------------------

local function is_refusal(err) return err.kind == "api" and (err.status == 400 or err.status == 409) end

local function reason_of(err)
  local detail = err.errors and err.errors[1]
  return detail and detail.message or err.message
end

-- Merges the values for an address; of two rows with one address, the later one wins where both have a value.
local function expect(state, row)
  local key = row.record.email:lower()
  local properties = state.expected[key]
  if not properties then
    properties = {}
    state.expected[key] = properties
    state.expected_count = state.expected_count + 1
  end
  for name, value in pairs(row.record.properties) do
    if name ~= "email" then properties[name] = value end
  end
end

local function records_of(rows)
  local records, emails = {}, {}
  for index, row in ipairs(rows) do
    records[index], emails[index] = row.record, row.record.email
  end
  return records, emails
end

-- The rows that HubSpot took. Those that it refuses become problems; anything else ends the sync.
local function upsert(state, rows)
  local outcome = check(state.client.contacts:upsert_many((records_of(rows))))
  for _, contact in ipairs(outcome.results) do
    local count = contact.new and "created" or "updated"
    state[count] = state[count] + 1
  end
  local failed, accepted = {}, {}
  for _, err in ipairs(outcome.errors) do
    if not is_refusal(err) then error(err, 0) end
    local row = rows[err.index]
    failed[row] = true
    state.problems[#state.problems + 1] = { line = row.line, reason = "HubSpot refuses it: " .. reason_of(err) }
  end
  for _, row in ipairs(rows) do
    if not failed[row] then accepted[#accepted + 1] = row end
  end
  return accepted
end

local function write(state, rows)
  if not state.list then
    -- Before the first contact: a token that may not write lists is to fail here.
    state.list = check(state.client.lists:create { name = ("%s %s"):format(state.name, os.date "%Y-%m-%d %H:%M:%S") })
  end
  local accepted = upsert(state, rows)
  if #accepted == 0 then return end
  for _, row in ipairs(accepted) do
    expect(state, row)
  end
  local _, emails = records_of(accepted)
  -- An address that HubSpot doesn't find shows when the list is read back.
  check(state.client.lists:add(state.list.listId, { emails = emails }))
end

-- The addresses of a contact: its own, and those of contacts that were merged into it.
local function addresses_of(contact)
  local properties = contact.properties
  local addresses = { properties.email and properties.email:lower() }
  for address in (properties.hs_additional_emails or ""):gmatch "[^;]+" do
    addresses[#addresses + 1] = address:lower()
  end
  return addresses
end

-- Counts the changes that `write` would make.
local function rehearse(state, rows)
  local _, emails = records_of(rows)
  local known = {}
  for _, contact in ipairs(check(state.client.contacts:get_many_by_email(emails))) do
    for _, address in ipairs(addresses_of(contact)) do
      known[address] = true
    end
  end
  for _, row in ipairs(rows) do
    local key = row.record.email:lower()
    local count = (known[key] or state.expected[key]) and "updated" or "created"
    state[count] = state[count] + 1
    expect(state, row)
  end
end

local function report_problems(state)
  table.sort(state.problems, function(a, b) return a.line < b.line end)
  for _, problem in ipairs(state.problems) do
    say("line %d: %s", problem.line, problem.reason)
  end
  state.skipped = state.skipped + #state.problems
  state.problems = {}
end

local function send(state, rows)
  if #rows > 0 then (state.writes and write or rehearse)(state, rows) end
  report_problems(state)
  progress.update("Sending", state.source.position, state.source.size)
end

local function send_all(state, columns)
  local rows = {}
  for line, cells, problem in state.source.records do
    state.read = state.read + 1
    local record
    if cells then
      record, problem = read_row(columns, cells)
    end
    if record then
      rows[#rows + 1] = { line = line, record = record }
    else
      state.problems[#state.problems + 1] = { line = line, reason = problem }
    end
    if #rows == ROWS_AT_A_TIME then
      send(state, rows)
      rows = {}
    end
  end
  send(state, rows)
end

-- Reading back -----------------------------------------------------------------------------------------------------

local function shown(value) return value and ('"%s"'):format(value) or "nothing" end

-- Takes what is expected of a contact out of what is still to come; nil where it should not be there at all.
local function take_expected(state, contact)
  for _, address in ipairs(addresses_of(contact)) do
    local properties = state.expected[address]
    if properties then
      state.expected[address] = nil
      return properties
    end
  end
end

local function compare(state, columns, contact)
  local expected = take_expected(state, contact)
  local name = contact.properties.email or "contact " .. contact.id
  if not expected then
    say("unexpected in the list: %s", name)
    return false
  end
  local equal = true
  for _, column in ipairs(columns) do
    local is, should_be = contact.properties[column], expected[column]
    if should_be and is ~= should_be then
      say("%s: %s is %s, should be %s", name, column, shown(is), shown(should_be))
      equal = false
    end
  end
  return equal
end

local function compare_all(state, columns)
  local wanted = { "hs_additional_emails" }
  for _, column in ipairs(columns) do
    wanted[#wanted + 1] = column
  end
  for contact in state.client.lists:contacts(state.list.listId, { properties = wanted }) do
    state.in_list = state.in_list + 1
    if not compare(state, columns, contact) then state.differing = state.differing + 1 end
    if state.in_list % 50 == 0 then progress.update("Reading back", state.in_list, state.expected_count) end
  end
  local missing = {}
  for address in pairs(state.expected) do
    missing[#missing + 1] = address
  end
  table.sort(missing)
  for _, address in ipairs(missing) do
    say("missing in the list: %s", address)
  end
  state.differing = state.differing + #missing
end

-- All of it ----------------------------------------------------------------------------------------------------------

local function summarize(state)
  local function count(label, number) say("%-14s%8s", label, with_commas(number)) end
  count("rows read", state.read)
  count(state.writes and "created" or "would create", state.created)
  count(state.writes and "updated" or "would update", state.updated)
  count("skipped", state.skipped)
  if not state.writes then return say(connect.UNWRITTEN) end
  count("in the list", state.in_list)
  count("differing", state.differing)
end

local function main()
  local given = connect.arguments(USAGE, { write = false }, 0, 1)
  local client, target, is_sandbox = connect.open()
  -- The people of contacts.csv are made up.
  if not given[1] and not is_sandbox then
    error(("usage: %s. Name the file that is to go to your account."):format(USAGE), 0)
  end
  local path = given[1] or DIRECTORY .. "contacts.csv"
  local source = open(path)
  local state = {
    client = client,
    source = source,
    writes = is_sandbox or given.write,
    name = path:match "[^/\\]+$",
    read = 0,
    created = 0,
    updated = 0,
    skipped = 0,
    in_list = 0,
    differing = 0,
    problems = {},
    -- Property values by address, until they are compared: what grows with the file, and the only thing that does.
    expected = {},
    expected_count = 0,
  }
  local columns = read_header(source)
  check_columns(client, columns)
  say("%s to %s", state.name, target)
  local sent, err = pcall(send_all, state, columns)
  if not sent then
    local so_far = ("\nStopped after creating %s contacts and updating %s. The sync can be run again."):format(
      with_commas(state.created),
      with_commas(state.updated)
    )
    error(tostring(err) .. (state.writes and so_far or ""), 0)
  end
  if state.list then
    say("List %s, %s", state.list.listId, state.list.name)
    compare_all(state, columns)
  end
  summarize(state)
  return state.differing == 0
end

connect.run(main, progress.clear)
