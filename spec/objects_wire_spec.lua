-- The requests of the methods of every type of records, over a function as transport.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local lines = require "spec.support.object_types"
local merge = require "hubspot.merge"
local misuse = require "spec.support.misuse"
local object = require "hubspot.object"
local types = require "hubspot.object.types"

local unpack = table.unpack or unpack

local AT = "2026-01-02T03:04:05.000Z"

-- A record of any type, with the times of all of them.
local function record_with(id, more)
  local record = {
    id = id,
    properties = {
      name = "seven",
      code = "12",
      hs_object_id = id,
      createdate = AT,
      hs_createdate = AT,
      lastmodifieddate = AT,
      hs_lastmodifieddate = AT,
    },
  }
  for key, value in pairs(more or {}) do
    record[key] = value
  end
  return record
end

local RECORD = record_with "7"

-- A client whose requests are noted as `METHOD /path?query body`, and answered with what `answer` gives for each.
local function new_client(answer)
  local sent = {}
  local client = hubspot.new {
    token = "any-token",
    limiter = false,
    transport = function(request)
      local path = request.url:gsub("^https://api.hubapi.com", "")
      sent[#sent + 1] = request.method .. " " .. path .. (request.body and " " .. request.body or "")
      local body = answer(request)
      return { status = body and 200 or 204, headers = {}, body = body and core.encode(body) or "" }
    end,
  }
  return client, sent
end

local function found(results) return { total = #results, results = core.array(results) } end

local function answer_of(request)
  if request.method == "DELETE" or request.url:find "gdpr" then return nil end
  if request.url:find("/batch/", 1, true) or request.url:find("/search", 1, true) then
    return found { record_with "7" }
  end
  if request.method == "GET" and not request.url:find "/[^/]+/7" and not request.url:find "idProperty" then
    return found { record_with "7" }
  end
  return record_with "7"
end

-- HubSpot's answer to a batch: each of its inputs was written.
local function written(request)
  if request.url:find "archive$" then return nil end
  local results = {}
  for index, input in ipairs(core.decode(request.body).inputs) do
    results[index] =
      record_with(tostring(100 + tonumber(input.objectWriteTraceId)), { objectWriteTraceId = input.objectWriteTraceId })
  end
  return { results = results }
end

-- What a write of many gives: its results, each by its input.
local function outcome_of(results) return { results = results, errors = {} } end

local WRITTEN = outcome_of { record_with("101", { index = 1 }), record_with("102", { index = 2 }) }

-- Each method of a type: the call, what it gives, and its requests with BASE for the path of the type, CREATED and
-- CHANGED for the names of its times.
local READS = {
  get = {
    function(records) return records:get(7, { properties = { "a", "b" }, archived = true }) end,
    RECORD,
    "GET BASE/7?properties=a%2Cb&archived=true",
  },
  get_by = {
    function(records) return records:get_by("code", "A 1", { associations = { "deals" } }) end,
    RECORD,
    "GET BASE/A%201?idProperty=code&associations=deals",
  },
  get_many = {
    function(records) return records:get_many({ 7, "7" }, { properties = { "a" } }) end,
    { RECORD },
    'POST BASE/batch/read {"inputs":[{"id":"7"}],"properties":["a"],"propertiesWithHistory":[]}',
  },
  get_many_by = {
    function(records) return records:get_many_by("code", { 12 }, { properties = { "a" } }) end,
    { RECORD },
    'POST BASE/batch/read {"idProperty":"code","inputs":[{"id":"12"}],"properties":["a","code"],'
      .. '"propertiesWithHistory":[]}',
  },
  all = {
    function(records) return records:all({ max = 1, with_history = { "a" } }):next() end,
    RECORD,
    "GET BASE?propertiesWithHistory=a&limit=1",
  },
  search = {
    function(records) return records:search("ab", { max = 1, sort = "name", order = "desc" }):next() end,
    RECORD,
    'POST BASE/search {"limit":1,"query":"ab","sorts":["-name"]}',
  },
  recently_created = {
    function(records) return records:recently_created({ properties = { "a" } }):next() end,
    RECORD,
    'POST BASE/search {"limit":200,"properties":["a","CREATED"],"sorts":["-CREATED"]}',
  },
  recently_updated = {
    function(records) return records:recently_updated({ since = 1700000000000 }):next() end,
    RECORD,
    'POST BASE/search {"filterGroups":[{"filters":[{"operator":"GTE","propertyName":"CHANGED","value":"1700000000000"}]}],'
      .. '"limit":200,"properties":[],"sorts":["-CHANGED"]}',
  },
  count = {
    function(records)
      return records:count {
        filter_groups = { { filters = { { propertyName = "a", operator = "EQ", value = 5 } } } },
      }
    end,
    1,
    'POST BASE/search {"filterGroups":[{"filters":[{"operator":"EQ","propertyName":"a","value":"5"}]}],"limit":1}',
  },
}

-- What has a spec of its own, since it depends on the time.
local ELSEWHERE = { changes = true }

-- The same of each of the writes that HubSpot may have for a type.
local WRITES = {
  create = {
    create = {
      function(records) return records:create { name = "seven" } end,
      RECORD,
      'POST BASE {"properties":{"name":"seven"}}',
    },
    create_many = {
      function(records)
        return records:create_many {
          { properties = { name = "a" } },
          { properties = { name = "b" }, associations = { { to = { id = 5 }, types = {} } } },
        }
      end,
      WRITTEN,
      'POST BASE/batch/create {"inputs":[{"objectWriteTraceId":"1","properties":{"name":"a"}},'
        .. '{"associations":[{"to":{"id":5},"types":{}}],"objectWriteTraceId":"2","properties":{"name":"b"}}]}',
    },
  },
  update = {
    update = {
      function(records) return records:update(7, { amount = 5 }) end,
      RECORD,
      'PATCH BASE/7 {"properties":{"amount":"5"}}',
    },
    update_by = {
      function(records) return records:update_by("code", "A1", { amount = "" }) end,
      RECORD,
      'PATCH BASE/A1?idProperty=code {"properties":{"amount":""}}',
    },
    update_many = {
      function(records)
        return records:update_many { { id = 7, properties = { amount = 5 } }, { id = "8", properties = {} } }
      end,
      WRITTEN,
      'POST BASE/batch/update {"inputs":[{"id":"7","objectWriteTraceId":"1","properties":{"amount":"5"}},'
        .. '{"id":"8","objectWriteTraceId":"2","properties":{}}]}',
    },
  },
  upsert = {
    upsert_by = {
      function(records) return records:upsert_by("code", "A1", { amount = 5 }) end,
      RECORD,
      'POST BASE/batch/upsert {"inputs":[{"id":"A1","idProperty":"code","properties":{"amount":"5"}}]}',
    },
    upsert_many = {
      function(records)
        return records:upsert_many({
          { code = 1001, properties = { name = "a" } },
          { id = 7, properties = { name = "b" } },
        }, { by = "code" })
      end,
      WRITTEN,
      'POST BASE/batch/upsert {"inputs":[{"id":"1001","idProperty":"code","objectWriteTraceId":"1",'
        .. '"properties":{"name":"a"}}]}',
      'POST BASE/batch/update {"inputs":[{"id":"7","objectWriteTraceId":"2","properties":{"name":"b"}}]}',
    },
  },
  delete = {
    delete = {
      function(records) return records:delete(7) end,
      true,
      "DELETE BASE/7",
    },
    delete_many = {
      function(records) return records:delete_many { 7, "8" } end,
      outcome_of { { id = "7", index = 1 }, { id = "8", index = 2 } },
      'POST BASE/batch/archive {"inputs":[{"id":"7"},{"id":"8"}]}',
    },
  },
  merge = {
    merge = {
      function(records) return records:merge(7, 8) end,
      RECORD,
      'POST BASE/merge {"objectIdToMerge":"8","primaryObjectId":"7"}',
    },
  },
  gdpr_delete = {
    gdpr_delete = {
      function(records) return records:gdpr_delete(7) end,
      true,
      'POST BASE/gdpr-delete {"objectId":"7"}',
    },
    gdpr_delete_by = {
      function(records) return records:gdpr_delete_by("email", "a@b.c") end,
      true,
      'POST BASE/gdpr-delete {"idProperty":"email","objectId":"a@b.c"}',
    },
  },
}

local EVERY_METHOD = merge { READS }
for _, cases in pairs(WRITES) do
  EVERY_METHOD = merge { EVERY_METHOD, cases }
end

-- The cases of the methods that HubSpot has for a type.
local function cases_of(line)
  local all = { READS }
  for index, write in ipairs(line.writes) do
    all[index + 1] = WRITES[write]
  end
  return merge(all)
end

local function fill(text, name, line)
  local filled = text:gsub("BASE", "/crm/objects/2026-09/" .. name)
  filled = filled:gsub("CREATED", line.created or "hs_createdate")
  return (filled:gsub("CHANGED", line.changed or "hs_lastmodifieddate"))
end

local function is_of_many(method) return not READS[method] and method:find "_many$" ~= nil end

local function check(method, case, name, line)
  local client, sent = new_client(is_of_many(method) and written or answer_of)
  local records = (name:find "%d" or name == "subscriptions") and client:objects(name) or client[name]
  local given = case[1](records)
  assert.same(case[2], given)
  local expected = {}
  for index = 3, #case do
    expected[index - 2] = fill(case[index], name, line)
  end
  assert.same(expected, sent)
end

-- The names of the types that have a method, as an error lists them. Subscriptions are no resource of a client.
local function types_with(method)
  local names = {}
  for name, line in pairs(lines) do
    if name ~= "subscriptions" and cases_of(line)[method] then names[#names + 1] = name end
  end
  table.sort(names)
  return table.concat(names, ", ")
end

describe("the methods of", function()
  for name, line in pairs(lines) do
    it(name .. " send what HubSpot takes, and give what it answers", function()
      for method, case in pairs(cases_of(line)) do
        check(method, case, name, line)
      end
    end)

    it(name .. " are all that HubSpot has for them", function()
      local client = new_client(answer_of)
      local records = client:objects(name)
      local label = name == "subscriptions" and 'client:objects("subscriptions")' or "client." .. name
      for method in pairs(EVERY_METHOD) do
        if not cases_of(line)[method] then
          misuse.throws(
            ("hubspot: %s has no method %s: HubSpot has it for %s"):format(label, method, types_with(method)),
            function() return records[method] end
          )
        end
      end
    end)
  end

  it("types that an account made send what HubSpot takes", function()
    for _, name in ipairs { "2-3465404", "p99001_machines" } do
      local line = { writes = lines.deals.writes }
      for method, case in pairs(cases_of(line)) do
        check(method, case, name, line)
      end
    end
  end)

  it("each type have a case here", function()
    for name, row in pairs(types.rows) do
      local line = assert(lines[name], name .. " needs a line in spec/support/object_types.lua")
      assert.same({ name, line.id }, { name, row.id })
      for method in pairs(object.operations(object.api(row))) do
        assert.is_truthy(cases_of(line)[method] or ELSEWHERE[method], ("%s of %s"):format(method, name))
      end
    end
    for name in pairs(lines) do
      assert.truthy(types.rows[name], name)
    end
  end)

  it("a type tell the lists that its records are in, by the id of the type", function()
    local client, sent = new_client(function(request)
      if request.url:find("/schemas/", 1, true) then return { objectTypeId = "2-5" } end
      if not request.url:find("/crm/lists/", 1, true) then return RECORD end
      return found { { recordId = "7", recordListMemberships = { { listId = "3" } } } }
    end)
    assert.equal("3", client.deals:get(7, { list_memberships = true }).listMemberships[1].listId)
    assert.equal(
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"0-3","recordId":"7"}]}',
      sent[2]
    )
    for _ = 1, 2 do
      assert.equal("3", client:objects("p1_x"):get(7, { list_memberships = true }).listMemberships[1].listId)
    end
    local read =
      'POST /crm/lists/2026-09/records/memberships/batch/read {"inputs":[{"objectTypeId":"2-5","recordId":"7"}]}'
    assert.same({
      "GET /crm/objects/2026-09/p1_x/7",
      "GET /crm-object-schemas/2026-09/schemas/p1_x",
      read,
      "GET /crm/objects/2026-09/p1_x/7",
      read,
    }, { unpack(sent, 3) })
  end)
end)

describe("the v1 wire format", function()
  it("changes nothing for types that it does not know", function()
    local sent
    local client = hubspot.new {
      token = "any-token",
      api_version = "v1",
      transport = function(request)
        sent = request.url
        return { status = 200, headers = {}, body = core.encode(RECORD) }
      end,
    }
    assert.equal("7", client.companies:get(7).id)
    assert.equal("https://api.hubapi.com/crm/objects/2026-09/companies/7", sent)
  end)
end)

describe("client:objects", function()
  local client = new_client(answer_of)

  it("knows HubSpot's own types by their names and ids", function()
    for _, name in ipairs { "companies", "company", "0-2" } do
      assert.equal(client.companies, client:objects(name))
    end
    assert.equal(client.line_items, client:objects "line_item")
    assert.equal(client.contacts, client:objects "0-1")
  end)

  it("gives the type whose name another resource has", function()
    local one, sent = new_client(answer_of)
    assert.equal("7", one:objects("subscriptions"):get(7).id)
    assert.equal("7", one:objects("0-69"):get(7).id)
    assert.same({ "GET /crm/objects/2026-09/subscriptions/7", "GET /crm/objects/2026-09/subscriptions/7" }, sent)
    assert.is_function(one.subscriptions.status)
  end)

  it("refuses what names no type", function()
    local refused = "hubspot: client:objects: name must be the name or id of a type"
    for _, name in ipairs { "", "a/b", "{id}", "..", 5, false } do
      misuse.throws(refused, function() client:objects(name) end)
    end
    misuse.throws("call it with a colon: client:objects(name)", function() client.objects "2-1" end)
  end)
end)

describe("a method that a type lacks", function()
  local client = new_client(answer_of)

  it("throws, and says which types have it", function()
    misuse.throws(
      "hubspot: client.notes has no method merge: HubSpot has it for appointments, companies, contacts, ",
      function() return client.notes.merge end
    )
    misuse.throws(
      "hubspot: client.feedback_submissions has no method create: HubSpot has it for ",
      function() return client.feedback_submissions.create end
    )
    misuse.throws(
      "hubspot: client.partner_clients has no method upsert_many: HubSpot has it for appointments, calls, ",
      function() return client.partner_clients.upsert_many end
    )
    misuse.throws(
      "hubspot: client.companies has no method get_by_email: HubSpot has it for contacts",
      function() return client.companies.get_by_email end
    )
  end)

  it("is not one that is misspelt", function()
    misuse.throws(
      "client.deals has no method getMany; did you mean get_many?",
      function() return client.deals.getMany end
    )
    misuse.throws("a client has no company; did you mean companies?", function() return client.company end)
    misuse.throws('call it with a colon: client:objects("2-1"):get(…)', function() client:objects("2-1").get(7) end)
  end)
end)

describe("a key that HubSpot doesn't keep unique", function()
  it("is refused before anything is sent", function()
    local client, sent = new_client(answer_of)
    local reason = "property can't be domain: HubSpot doesn't keep it unique"
    misuse.throws("companies:get_by: " .. reason, function() client.companies:get_by("domain", "a.b") end)
    misuse.throws("companies:get_many_by: " .. reason, function() client.companies:get_many_by("domain", { "a.b" }) end)
    misuse.throws(
      "companies:update_by: " .. reason,
      function() client.companies:update_by("domain", "a.b", { a = 1 }) end
    )
    misuse.throws("deals:get_by: property can't be dealname", function() client.deals:get_by("dealname", "x") end)
    misuse.throws(
      "deals:get_by: property can't be hs_object_id: the methods without a property take ids",
      function() client.deals:get_by("hs_object_id", "5") end
    )
    misuse.throws("deals:get_by: value must be", function() client.deals:get_by("code", 1.5) end)
    misuse.throws("deals:get_by: value must be", function() client.deals:get_by("code", "..") end)
    assert.same({}, sent)
  end)
end)

describe("records read by keys", function()
  local function deal(id, code) return { id = id, properties = { code = code } } end

  it("come in the order of the keys, which are spelled as they are, without two in other cases", function()
    local client, sent = new_client(function() return found { deal("1", "AB"), deal("2", "ab") } end)
    local deals = client.deals:get_many_by("code", { "ab", "x", "AB", "ab" })
    assert.equal("2", deals[1].id)
    assert.equal("1", deals[2].id)
    assert.is_nil(deals[3])
    assert.same({
      'POST /crm/objects/2026-09/deals/batch/read {"idProperty":"code","inputs":[{"id":"ab"},{"id":"x"}],'
        .. '"properties":["code"],"propertiesWithHistory":[]}',
      'POST /crm/objects/2026-09/deals/batch/read {"idProperty":"code","inputs":[{"id":"AB"}],'
        .. '"properties":["code"],"propertiesWithHistory":[]}',
    }, sent)
  end)
end)

describe("the associations of a record that is created", function()
  local LABELS = {
    { category = "HUBSPOT_DEFINED", typeId = 279 },
    { category = "USER_DEFINED", typeId = 36, label = "Billing" },
    { category = "USER_DEFINED", typeId = 38, label = "Owner" },
  }

  local function answer(request)
    if request.method == "GET" then return { results = LABELS } end
    return request.url:find("/batch/", 1, true) and written(request) or RECORD
  end

  it("have HubSpot's own types, which need no asking", function()
    local client, sent = new_client(answer)
    client.contacts:create({ email = "a@b.c" }, { associations = { companies = { 77 }, deal = { "5" } } })
    client.companies:create({ name = "a" }, { associations = { contacts = { "1" } } })
    client.notes:create({ hs_timestamp = 0 }, { associations = { ["0-1"] = { "1" } } })
    client.leads:create({ hs_lead_name = "a" }, { associations = { contacts = { "1" } } })
    local function association(id, type_id)
      return ('{"to":{"id":"%s"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":%d}]}'):format(
        id,
        type_id
      )
    end
    local base = "POST /crm/objects/2026-09/"
    assert.same({
      base
        .. 'contacts {"associations":['
        .. association(77, 279)
        .. ","
        .. association(5, 4)
        .. '],"properties":{"email":"a@b.c"}}',
      base .. 'companies {"associations":[' .. association(1, 280) .. '],"properties":{"name":"a"}}',
      base .. 'notes {"associations":[' .. association(1, 202) .. '],"properties":{"hs_timestamp":"0"}}',
      base .. 'leads {"associations":[' .. association(1, 578) .. '],"properties":{"hs_lead_name":"a"}}',
    }, sent)
  end)

  it("have labels by name, and of types that an account made what it says", function()
    local client, sent = new_client(answer)
    local wanted = { companies = { { id = 78, labels = { "Owner", "Billing" } }, "79" } }
    client.contacts:create({ email = "a@b.c" }, { associations = wanted })
    assert.equal("GET /crm/associations/2026-09/contacts/companies/labels", sent[1])
    assert.equal(
      'POST /crm/objects/2026-09/contacts {"associations":[{"to":{"id":"78"},"types":['
        .. '{"associationCategory":"USER_DEFINED","associationTypeId":38},'
        .. '{"associationCategory":"USER_DEFINED","associationTypeId":36}]},{"to":{"id":"79"},"types":['
        .. '{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}],"properties":{"email":"a@b.c"}}',
      sent[2]
    )
    client:objects("p1_machines"):create({ name = "a" }, { associations = { contacts = { 5 } } })
    assert.equal("GET /crm/associations/2026-09/p1_machines/contacts/labels", sent[3])
    assert.truthy(sent[4]:find('"associationTypeId":279', 1, true))
  end)

  it("are asked for once in a write of many", function()
    local client, sent = new_client(answer)
    local list = {}
    for index = 1, 5 do
      list[index] = {
        properties = { name = "a" },
        associations = { companies = { { id = index, labels = { "Billing" } } } },
      }
    end
    assert.equal(5, #client.contacts:create_many(list).results)
    assert.equal(2, #sent)
    assert.equal(
      5,
      select(
        2,
        sent[2]:gsub(
          '"associations":%[{"to":{"id":"%d"},"types":%[{"associationCategory":"USER_DEFINED",'
            .. '"associationTypeId":36}%]}%]',
          ""
        )
      )
    )
  end)

  it("can't have a label that there is none of", function()
    local client, sent = new_client(answer)
    local record, err = client.contacts:create(
      { a = 1 },
      { associations = { companies = { { id = 1, labels = { "billing" } } } } }
    )
    assert.is_nil(record)
    assert.equal("VALIDATION_ERROR", err.category)
    assert.truthy(
      tostring(err):find(
        'no label "billing" of associations from contacts to companies; HubSpot has "Billing", "Owner"',
        1,
        true
      )
    )
    assert.equal(1, #sent)
  end)

  it("are refused where they name nothing", function()
    local client, sent = new_client(answer)
    local function throws(expected, wanted)
      misuse.throws(
        "contacts:create: associations" .. expected,
        function() client.contacts:create({ a = 1 }, { associations = wanted }) end
      )
    end
    throws(".companies must be a list of ids, got 5", { companies = 5 })
    throws(".companies[1] must be an id", { companies = { "x" } })
    throws(".companies[1].id is missing", { companies = { { labels = { "a" } } } })
    throws(".companies[1] has an unknown field label", { companies = { { id = 1, label = "a" } } })
    throws(".companies must be a list of ids", { companies = { id = 1 } })
    throws(" must be ids by type", { companies = { 1 }, 5 })
    throws(" must be ids by type", "companies")
    throws(" has a/b, which is no type of records", { ["a/b"] = { 1 } })
    assert.same({}, sent)
  end)
end)

describe("the associations of a record that is read", function()
  it("are each record once, by type", function()
    local client = new_client(
      function()
        return {
          id = "7",
          properties = {},
          associations = {
            companies = {
              results = {
                { id = 77, type = "deal_to_company" },
                { id = "78", type = "deal_to_company_unlabeled" },
                { id = "77", type = "deal_to_company_unlabeled" },
              },
            },
            ["line items"] = { results = { { id = "5", type = "a" } }, paging = { next = { after = "6" } } },
          },
        }
      end
    )
    assert.same({
      companies = {
        { id = "77", types = { "deal_to_company", "deal_to_company_unlabeled" } },
        { id = "78", types = { "deal_to_company_unlabeled" } },
      },
      line_items = { { id = "5", types = { "a" } }, has_more = true },
    }, client.deals:get(7, { associations = { "companies", "line_items" } }).associations)
  end)
end)
