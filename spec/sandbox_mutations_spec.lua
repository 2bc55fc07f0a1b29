-- Every member of a body is replaced by every kind of value: the sandbox answers, and never fails itself.

local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local VALUES = {
  0,
  -1,
  1.5,
  2 ^ 60,
  "",
  "x",
  "1",
  "-1",
  "1e999",
  "a@example.org",
  "2026-01-02",
  "\0",
  true,
  false,
  core.null,
  {},
  array {},
  { a = 1 },
  array { 1 },
  array { "1" },
  array { {} },
  array { core.null },
  array { array {} },
}

local BRANCH = '{"filterBranchType":"OR","filterBranches":[{"filterBranchType":"AND","filters":[%s]}]}'
local FILTER = '{"filterType":"PROPERTY","property":"%s","operation":%s}'

local function list_of(property, operation)
  local branch = BRANCH:format(FILTER:format(property, operation))
  return '{"name":"F","objectTypeId":"0-1","processingType":"DYNAMIC","filterBranch":' .. branch .. "}"
end

local function searching(filter)
  return ('{"query":"a","filterGroups":[{"filters":[%s]}],"sorts":["-email",{"propertyName":"city",'):format(filter)
    .. '"direction":"ASCENDING"}],"properties":["email"],"limit":5,"after":"0"}'
end

local CONTACTS, LISTS = "/crm/objects/2026-09/contacts", "/crm/lists/2026-09"
local ASSOCIATIONS = "/crm/associations/2026-09/contacts/companies"
local V1_TIMELINE, TEMPLATES = "/integrations/v1/6543/timeline", "/integrators/timeline/v3/6543/event-templates"
local KEY = "?hapikey=x&userId=7"
local FRAME = '{"linkLabel":"l","headerLabel":"h","iframeLabel":"h","url":"https://x.example/",'
  .. '"iframeUri":"https://x.example/","width":1,"height":2}'
local EVENT = '"id":"e","email":"a@example.org","objectId":null,"utk":null,"timestamp":1764000000000,"extraData":{"a":[]},'
  .. '"timelineIFrame":'
  .. FRAME
local SEND = '{"emailId":7,"message":{"to":"a@example.org","from":"B <b@example.org>","sendId":"1","cc":["c@example.org"],'
  .. '"bcc":[],"replyTo":%s,"replyToList":[]},"contactProperties":%s,"customProperties":%s}'
local CHOICE = '"channel":"EMAIL","statusState":"SUBSCRIBED","subscriptionId":146,"legalBasis":"NON_GDPR",'
  .. '"legalBasisExplanation":"x"'

-- Method, path and a body that is right. ID and OTHER are contacts, COMPANY a company, LIST a list made by hand, TYPE
-- an event type.
local REQUESTS = {
  {
    "POST",
    "/crm/objects/2026-09/deals",
    '{"properties":{"dealname":"D","dealstage":"closedwon","amount":"5"},"associations":[{"to":{"id":"ID"},"types":[{'
      .. '"associationCategory":"HUBSPOT_DEFINED","associationTypeId":3}]}]}',
  },
  {
    "POST",
    "/crm/objects/2026-09/companies/batch/create",
    '{"inputs":[{"objectWriteTraceId":"1","properties":{"name":"A"},"associations":[]}]}',
  },
  { "POST", "/crm/objects/2026-09/contacts/gdpr-delete", '{"objectId":"o@example.org","idProperty":"email"}' },
  {
    "PUT",
    "/crm/objects/2026-09/contacts/ID/associations/companies/COMPANY",
    '[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]',
  },
  {
    "POST",
    ASSOCIATIONS .. "/batch/create",
    '{"inputs":[{"from":{"id":"ID"},"to":{"id":"COMPANY"},"types":[{"associationCategory":"HUBSPOT_DEFINED",'
      .. '"associationTypeId":279}]}]}',
  },
  { "POST", ASSOCIATIONS .. "/batch/associate/default", '{"inputs":[{"from":{"id":"ID"},"to":{"id":"COMPANY"}}]}' },
  { "POST", ASSOCIATIONS .. "/batch/read", '{"inputs":[{"id":"ID","after":"5"}]}' },
  { "POST", ASSOCIATIONS .. "/batch/archive", '{"inputs":[{"from":{"id":"ID"},"to":[{"id":"COMPANY"}]}]}' },
  {
    "POST",
    ASSOCIATIONS .. "/batch/labels/archive",
    '{"inputs":[{"from":{"id":"ID"},"to":{"id":"COMPANY"},"types":[{"associationCategory":"HUBSPOT_DEFINED",'
      .. '"associationTypeId":1}]}]}',
  },
  { "POST", ASSOCIATIONS .. "/labels", '{"name":"billing","label":"Billing","inverseLabel":"Billed by"}' },
  {
    "POST",
    "/crm/associations/2026-09/definitions/configurations/contacts/companies/batch/create",
    '{"inputs":[{"category":"HUBSPOT_DEFINED","typeId":279,"maxToObjectIds":5}]}',
  },
  {
    "POST",
    "/crm-object-schemas/2026-09/schemas",
    '{"name":"machines","labels":{"singular":"M","plural":"Ms"},"primaryDisplayProperty":"model",'
      .. '"requiredProperties":["model"],"searchableProperties":["model"],"secondaryDisplayProperties":["model"],'
      .. '"description":"d","associatedObjects":["CONTACT"],"properties":[{"name":"model","label":"Model",'
      .. '"type":"string","fieldType":"text","groupName":"g","description":"d","hasUniqueValue":true}]}',
  },
  {
    "PATCH",
    "/crm/properties/2026-09/contacts/lead_tier",
    '{"label":"L","groupName":"g","type":"enumeration","fieldType":"select","options":[{"label":"A","value":"a",'
      .. '"description":"d","hidden":false}],"description":"d"}',
  },
  { "POST", CONTACTS, '{"properties":{"email":"n@example.org","interests":";training"},"associations":[]}' },
  { "PATCH", CONTACTS .. "/ID", '{"properties":{"city":"Lyon","lead_score":5,"closedate":"2026-01-02"}}' },
  { "POST", CONTACTS .. "/merge", '{"primaryObjectId":"ID","objectIdToMerge":"OTHER"}' },
  { "POST", CONTACTS .. "/batch/create", '{"inputs":[{"properties":{"firstname":"A"},"objectWriteTraceId":"1"}]}' },
  {
    "POST",
    CONTACTS .. "/batch/read",
    '{"inputs":[{"id":"ID"}],"properties":["city"],"propertiesWithHistory":["city"]}',
  },
  { "POST", CONTACTS .. "/batch/update", '{"inputs":[{"id":"ID","properties":{"city":"B"},"idProperty":null}]}' },
  {
    "POST",
    CONTACTS .. "/batch/upsert",
    '{"inputs":[{"id":"u@example.org","idProperty":"email","properties":{"city":"B"}}]}',
  },
  { "POST", CONTACTS .. "/batch/archive", '{"inputs":[{"id":"ID"}]}' },
  {
    "POST",
    CONTACTS .. "/search",
    searching '{"propertyName":"lead_score","operator":"BETWEEN","value":1,"highValue":2}',
  },
  { "POST", CONTACTS .. "/search", searching '{"propertyName":"city","operator":"IN","values":["lyon"]}' },
  { "POST", CONTACTS .. "/search", searching '{"propertyName":"email","operator":"CONTAINS_TOKEN","value":"*b"}' },
  {
    "POST",
    "/crm/properties/2026-09/contacts",
    '{"name":"p","label":"P","groupName":"g","type":"enumeration","fieldType":"checkbox","options":[{"label":"A",'
      .. '"value":"a","description":"d","hidden":false}],"description":"d","hasUniqueValue":false}',
  },
  { "POST", LISTS, list_of("city", '{"operationType":"MULTISTRING","operator":"CONTAINS","values":["a"]}') },
  { "POST", LISTS, list_of("city", '{"operationType":"STRING","operator":"ENDS_WITH","value":"a"}') },
  { "POST", LISTS, list_of("lead_tier", '{"operationType":"ENUMERATION","operator":"IS_EXACTLY","values":["a"]}') },
  { "POST", LISTS, list_of("lead_score", '{"operationType":"NUMBER","operator":"IS_LESS_THAN","value":3}') },
  {
    "POST",
    LISTS,
    list_of("lead_score", '{"operationType":"NUMBER_RANGED","operator":"IS_BETWEEN","lowerBound":1,"upperBound":3}'),
  },
  {
    "POST",
    LISTS,
    list_of(
      "contract_start",
      '{"operationType":"TIME_POINT","operator":"IS_AFTER","timePoint":{"timeType":"DATE","zoneId":"UTC","year":2026,"month":1,"day":2}}'
    ),
  },
  {
    "POST",
    LISTS .. "/search",
    '{"query":"l","count":5,"offset":0,"listIds":["LIST"],"processingTypes":["MANUAL"],"additionalProperties":[],'
      .. '"sort":"-HS_LIST_NAME"}',
  },
  { "PUT", LISTS .. "/LIST/memberships/add-and-remove", '{"recordIdsToAdd":["ID"],"recordIdsToRemove":["OTHER"]}' },
  { "POST", LISTS .. "/records/memberships/batch/read", '{"inputs":[{"objectTypeId":"0-1","recordId":"ID"}]}' },
  { "POST", "/contacts/v1/contact", '{"properties":[{"property":"city","value":"B"}]}' },
  { "POST", "/contacts/v1/contact/vid/ID/profile", '{"properties":[{"property":"city","value":"B"}]}' },
  { "POST", "/contacts/v1/contact/merge-vids/ID", '{"vidToMerge":"OTHER"}' },
  {
    "POST",
    "/contacts/v1/contact/batch",
    '[{"vid":"ID","properties":[{"property":"city","value":"B"}]},{"email":"z@example.org","properties":[]}]',
  },
  {
    "POST",
    "/contacts/v1/lists",
    '{"name":"V","dynamic":true,"filters":[[{"operator":"EQ","property":"lead_score","value":"5","type":"number"}]]}',
  },
  { "POST", "/contacts/v1/lists/V1LIST", '{"name":"W","dynamic":false,"filters":[]}' },
  { "POST", "/contacts/v1/lists/V1LIST/add", '{"vids":["ID"],"emails":["o@example.org"]}' },
  { "POST", V1_TIMELINE .. "/event-types" .. KEY, '{"name":"T","applicationId":6543,"objectType":"CONTACT"}' },
  {
    "PUT",
    V1_TIMELINE .. "/event-types/TYPE" .. KEY,
    '{"name":"T","applicationId":6543,"headerTemplate":"h","id":"TYPE"}',
  },
  {
    "POST",
    V1_TIMELINE .. "/event-types/TYPE/properties" .. KEY,
    '{"name":"p","label":"P","propertyType":"Enumeration","options":[{"label":"A","value":"a"}],"objectProperty":"city"}',
  },
  { "POST", V1_TIMELINE .. "/event", '{"eventTypeId":"TYPE","title":"x",' .. EVENT .. "}" },
  { "POST", V1_TIMELINE .. "/event/batch", '{"eventWrappers":[{"eventTypeId":"TYPE",' .. EVENT .. "}]}" },
  {
    "POST",
    TEMPLATES .. KEY,
    '{"name":"T","objectType":"contacts","headerTemplate":"{{a}}","tokens":[{"name":"a","label":"A","type":"enumeration",'
      .. '"options":[{"label":"A","value":"a"}],"objectPropertyName":"city"}]}',
  },
  { "PUT", TEMPLATES .. "/TYPE" .. KEY, '{"id":"TYPE","name":"T","tokens":[{"name":"b","label":"B","type":"date"}]}' },
  { "POST", TEMPLATES .. "/TYPE/tokens" .. KEY, '{"name":"c","label":"C","type":"number","options":[]}' },
  { "PUT", TEMPLATES .. "/TYPE/tokens/title" .. KEY, '{"label":"C","options":[{"label":"A","value":"a"}]}' },
  { "POST", "/integrators/timeline/v3/events", '{"eventTemplateId":"TYPE","tokens":{"title":"x"},' .. EVENT .. "}" },
  {
    "POST",
    "/integrators/timeline/v3/events/batch/create",
    '{"inputs":[{"eventTemplateId":"TYPE","tokens":{"title":"x"},' .. EVENT .. "}]}",
  },
  {
    "POST",
    "/integrators/timeline/2026-09/events/batch",
    '{"inputs":[{"eventTypeName":"pe99001_visit","properties":{"a":"x"},' .. EVENT .. "}]}",
  },
  { "POST", "/integrators/timeline/2026-09/types/projects", '{"projectName":"a","developerSymbol":"b"}' },
  { "POST", "/communication-preferences/2026-09/statuses/a@example.org", "{" .. CHOICE .. "}" },
  {
    "POST",
    "/communication-preferences/2026-09/statuses/batch/write",
    '{"inputs":[{"subscriberIdString":"a@example.org",' .. CHOICE .. "}]}",
  },
  {
    "POST",
    "/communication-preferences/2026-09/statuses/batch/unsubscribe-all?channel=EMAIL",
    '{"inputs":["a@example.org"]}',
  },
  {
    "PUT",
    "/email/public/v1/subscriptions/a@example.org",
    '{"subscriptionStatuses":[{"id":146,"subscribed":true,"optState":"OPT_IN","legalBasis":"NON_GDPR",'
      .. '"legalBasisExplanation":"x"}],"portalSubscriptionLegalBasis":"NON_GDPR"}',
  },
  { "PUT", "/email/public/v1/subscriptions/a@example.org", '{"unsubscribeFromAll":true}' },
  {
    "POST",
    "/marketing/transactional/2026-09/single-email/send",
    SEND:format('["r@example.org"]', '{"city":"B"}', '{"order":7}'),
  },
  {
    "POST",
    "/email/public/v1/singleEmail/send",
    SEND:format('"r@example.org"', '[{"name":"city","value":"B"}]', '[{"name":"order","value":"7"}]'),
  },
  { "POST", "/marketing/transactional/2026-09/smtp-tokens", '{"campaignName":"c","createContact":true}' },
  { "POST", "/email/public/v1/smtpapi/tokens", '{"createdBy":"a@example.org","campaignName":"c"}' },
}

local function ask(wire, method, path, body)
  return wire.portal {
    method = method,
    url = path,
    headers = {
      authorization = not path:find("hapikey", 1, true) and "Bearer any" or nil,
      ["content-type"] = "application/json",
    },
    body = body,
  }
end

-- A portal with what the requests name, and a function that puts its ids into a text.
local function set_up()
  local wire = portal.new { v1_lists = true, event_types = { "pe99001_visit" } }
  local ids = { ID = wire.create { email = "o@example.org" }, OTHER = wire.create { email = "p@example.org" } }
  ids.COMPANY = wire.must("POST", "/crm/objects/2026-09/companies", { properties = { name = "Acme" } }).id
  ids.LIST = wire.must("POST", LISTS, { name = "L", objectTypeId = "0-1", processingType = "MANUAL" }).list.listId
  ids.V1LIST = tostring(tonumber(ids.LIST) + 1)
  local template = '{"name":"T","objectType":"contacts","tokens":[{"name":"title","label":"T","type":"string"}]}'
  ids.TYPE = core.decode(ask(wire, "POST", TEMPLATES .. KEY, template).body).id
  return wire, function(text) return (text:gsub("%f[%w_]%u[%u1]+%f[^%w_]", ids)) end
end

-- Calls `visit(encoded)` for the body with each of its members replaced by each value.
local function each_mutation(body, visit)
  local function walk(node)
    for name, original in pairs(node) do
      for _, value in ipairs(VALUES) do
        node[name] = value
        visit(assert(core.encode(body)))
      end
      node[name] = original
      if type(original) == "table" then walk(original) end
    end
  end
  walk(body)
end

describe("a body of any shape", function()
  for _, request in ipairs(REQUESTS) do
    local method, path, body = request[1], request[2], request[3]
    it("is answered: " .. method .. " " .. path .. " " .. body:sub(1, 40), function()
      local wire, with_ids = set_up()
      local right = ask(wire, method, with_ids(path), with_ids(body))
      assert.is_true(right.status < 300, right.body)
      wire, with_ids = set_up()
      each_mutation(core.decode(with_ids(body), true), function(mutated)
        local answer = ask(wire, method, with_ids(path), mutated)
        assert.is_true(answer.status < 500, mutated)
        -- A name that is taken now would hide what comes next.
        if answer.status < 300 then
          wire, with_ids = set_up()
        end
      end)
    end)
  end

  it("is answered where the query or a form is no text", function()
    local wire = portal.new {}
    for _, path in ipairs { "/contacts/v1/search/query?q=%FF", CONTACTS .. "/1?idProperty=%FF", CONTACTS .. "?%FF=1" } do
      assert.equal(400, (wire.call("GET", path)))
    end
    assert.equal(200, (wire.call("GET", "/contacts/v1/search/query?q=a&offset=-1")))
    local answer = wire.portal {
      method = "POST",
      url = "/oauth/2026-09/token",
      headers = { ["content-type"] = "application/x-www-form-urlencoded" },
      body = "grant_type=%FF",
    }
    assert.equal(400, answer.status)
  end)
end)
