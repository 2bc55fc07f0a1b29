-- The scenarios. An entry is one contender with its `arguments` after the URL and the names of the properties,
-- `contacts` that the server has, `records` that must come out (all contacts when left out), `runs` where it has fewer
-- than its scenario. It `prints` two numbers, by default those of the records and of the bytes of their addresses.
-- `changes` lets records come and go meanwhile. `quick` has the fields of a short run. A scenario with `is_of_table` is
-- in a table of the report's own.

-- The table's rows. The Node clients send at most nine requests a second by themselves: here that is lifted, so that
-- their own work shows.
local READERS = {
  { contender = "hubspot", label = "this library" },
  { contender = "luasocket", label = "LuaSocket + lua-cjson, a loop" },
  { contender = "lua_http", label = "lua-http + lua-cjson, a loop" },
  { contender = "api_client", label = "@hubspot/api-client (Node)", arguments = { "unlimited" } },
  { contender = "madkudu", label = "MadKudu's hubspot (Node)", arguments = { "unlimited" } },
  { contender = "floor", label = "floor: libcurl + lua-cjson decode" },
  { contender = "libcurl", label = "libcurl alone (C)" },
}

local PARALLEL = { contender = "hubspot", label = "this library, parallel = 8", arguments = { "8" } }
local NODE = { contender = "api_client", label = "@hubspot/api-client (Node)" }
local NODE_UNLIMITED =
  { contender = "api_client", label = "@hubspot/api-client, its limiter lifted", arguments = { "unlimited" } }

local function with(entry, fields)
  local copy = {}
  for _, source in ipairs { entry, fields } do
    for name, value in pairs(source) do
      copy[name] = value
    end
  end
  return copy
end

local function all_with(entries, fields)
  local list = {}
  for index, entry in ipairs(entries) do
    list[index] = with(entry, fields)
  end
  return list
end

-- One cursor goes at the same pace all along, so `few` contacts tell it. A contender that is as fast as the quota has
-- to read to the end.
local function under_quota(name, latency, few)
  local one_cursor = { contacts = few, quick = { contacts = 1000 } }
  return {
    name = name,
    latency = latency,
    quota = 190,
    runs = 3,
    title = ("All contacts, %d ms, 190 requests in 10 s"):format(latency * 1000),
    entries = {
      with(PARALLEL, { contacts = 100000, runs = 1, quick = { contacts = 3000 } }),
      with(READERS[1], one_cursor),
      with(NODE, one_cursor),
      with(NODE_UNLIMITED, one_cursor),
    },
  }
end

local NONE_WRONG = { 0, 0 }

-- Companies that are written: `rows` of those that are `made`, one in `bad_of` of them bad.
local function writes(contender, label, kind, given)
  local function arguments(rows, made)
    return { kind, tostring(rows), tostring(given.bad_of or 0), tostring(made or rows) }
  end
  local few, few_made = math.min(given.rows, 2000), given.made and math.min(given.made, 2000)
  return {
    contender = contender,
    label = label,
    contacts = 0,
    records = given.rows,
    arguments = arguments(given.rows, given.made),
    prints = NONE_WRONG,
    quick = { records = few, arguments = arguments(few, few_made) },
  }
end

-- The batch calls of this library and of HubSpot's Node client, and the least that any program in Lua spends.
local function writers(given)
  return {
    writes("hubspot_write", "this library, create_many", "create", given),
    writes("hubspot_write", "this library, upsert_many", "upsert", given),
    writes("api_client_write", "@hubspot/api-client, batchApi.create", "create", given),
    writes("api_client_write", "@hubspot/api-client, batchApi.upsert", "upsert", given),
    writes("floor_write", "libcurl and lua-cjson, create", "create", given),
    writes("floor_write", "libcurl and lua-cjson, upsert", "upsert", given),
  }
end

-- Each thousandth contact has 1,200 companies, all others have one.
local function associations_of(contacts)
  return {
    contender = "hubspot_associations",
    label = "this library",
    contacts = contacts,
    arguments = { tostring(contacts) },
    prints = { contacts, contacts + contacts // 1000 * 1199 },
  }
end

return {
  readers = READERS,
  writers = writers { rows = 100 },

  { name = "load", title = "Load and make a client", runs = 20, load = true, entries = READERS },
  {
    name = "start",
    is_of_table = true,
    title = "One page",
    latency = 0,
    runs = 20,
    entries = all_with(READERS, { contacts = 100 }),
  },
  {
    name = "read-0",
    is_of_table = true,
    title = "All contacts, no latency",
    latency = 0,
    runs = 5,
    entries = all_with(READERS, { contacts = 20000, quick = { contacts = 2000 } }),
  },
  {
    name = "read-80",
    is_of_table = true,
    title = "All contacts, 80 ms",
    latency = 0.08,
    runs = 5,
    entries = all_with(READERS, { contacts = 2000, quick = { contacts = 500 } }),
  },
  {
    name = "read-250",
    is_of_table = true,
    title = "All contacts, 250 ms",
    latency = 0.25,
    runs = 5,
    entries = all_with(READERS, { contacts = 2000, quick = { contacts = 300 } }),
  },
  under_quota("quota-80", 0.08, 10000),
  under_quota("quota-250", 0.25, 5000),
  {
    name = "list-80",
    title = "A list's contacts, 80 ms, 190 requests in 10 s",
    latency = 0.08,
    quota = 190,
    runs = 1,
    entries = {
      {
        contender = "hubspot_list",
        label = "this library",
        contacts = 60000,
        members = 50000,
        records = 50000,
        quick = { contacts = 3000, members = 2000, records = 2000 },
      },
    },
  },
  {
    name = "single",
    title = "Single gets at once, coalesced, 80 ms",
    latency = 0.08,
    runs = 1,
    entries = {
      {
        contender = "hubspot_single",
        label = "this library",
        contacts = 20000,
        records = 10000,
        arguments = { "10000" },
        quick = { contacts = 2000, records = 1000, arguments = { "1000" } },
      },
    },
  },
  {
    name = "memory",
    title = "Peak memory as contacts grow",
    latency = 0,
    runs = 1,
    entries = {
      { contender = "hubspot", label = "this library", contacts = 10000, quick = { contacts = 1000 } },
      { contender = "hubspot", label = "this library", contacts = 100000, quick = { contacts = 2000 } },
      { contender = "hubspot", label = "this library", contacts = 1000000, quick = { contacts = 10000 } },
    },
  },
  {
    name = "objects-80",
    title = "All companies while some come and go, 80 ms, 190 requests in 10 s",
    latency = 0.08,
    quota = 190,
    runs = 1,
    entries = {
      {
        contender = "hubspot_objects",
        label = "this library, parallel = 8",
        contacts = 100000,
        changes = 1,
        arguments = { "100000" },
        prints = NONE_WRONG,
        quick = { contacts = 3000, arguments = { "3000" } },
      },
    },
  },
  {
    name = "associations-80",
    title = "Contacts' associations to companies, 80 ms, 190 requests in 10 s",
    latency = 0.08,
    quota = 190,
    runs = 1,
    entries = { associations_of(20000), associations_of(100000) },
  },
  {
    name = "write-80",
    title = "Companies written, 1 % of them bad, 80 ms, 190 requests in 10 s",
    latency = 0.08,
    quota = 190,
    runs = 1,
    entries = {
      writes("hubspot_write", "this library, create_many", "create", { rows = 50000, bad_of = 100 }),
      writes("hubspot_write", "this library, upsert_many", "upsert", { rows = 50000, bad_of = 100 }),
    },
  },
  {
    name = "write-start",
    is_of_table = true,
    title = "One request of rows",
    latency = 0,
    runs = 10,
    -- The rows that the other scenario writes are made, too: what is between the two is the batch calls alone.
    entries = writers { rows = 100, made = 20000 },
  },
  {
    name = "write-0",
    is_of_table = true,
    title = "Companies written, no latency",
    latency = 0,
    runs = 5,
    entries = writers { rows = 20000 },
  },
  {
    name = "first",
    title = "A consumer that stops after the first record",
    latency = 0.08,
    runs = 5,
    entries = { { contender = "hubspot_first", label = "this library", contacts = 10000, records = 1 } },
  },
}
