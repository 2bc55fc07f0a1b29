-- Faults at a request of a subcommand: it is done as if there were none, or ends with the code that says why not. All
-- faults at each request are in `get_faults_spec.lua`, without sockets.

local command = require "spec.support.command"
local errors = require "hubspot.error"
local fail = require "hubspot.command.fail"
local fixture = require "spec.support.fixture"
local retry = require "hubspot.retry"

local CONTACTS = "/crm/objects/2026-09/contacts"

local site = fixture.new { start = {}, clients = {}, reset = { contacts = 5, companies = 2, portal_id = 77 } }

local function run(words)
  local invocation = { env = command.against(site.server) }
  for index, word in ipairs(words) do
    invocation[index] = word
  end
  return command.run(invocation)
end

-- Each passes with another attempt.
local PASSING = {
  { kind = "reset" },
  { kind = "cut" },
  { kind = "status", status = 503 },
  { kind = "html" },
  { kind = "rate_limit", policy = "TEN_SECONDLY_ROLLING", retry_after = 0 },
}

local RUNS = {
  { "get", "contacts", "4127", "--properties", "all", "--associations", "companies", "--portal", "77" },
  { "request", "GET", CONTACTS, "-q", "limit=3", "--paginate" },
}

describe("hubspot-lua", function()
  for _, words in ipairs(RUNS) do
    for _, kind in ipairs(PASSING) do
      it(("is done though a request meets %s %s: %s"):format(kind.kind, kind.status or "", words[1]), function()
        local undisturbed = run(words)
        assert.same({ 0, "" }, { undisturbed.status, undisturbed.stderr })
        local count = #site.server:requests()
        assert.is_true(count >= 2)
        site.server:clear_requests()
        local spec = { after = count - 1 }
        for name, value in pairs(kind) do
          spec[name] = value
        end
        site.server:fault(spec)
        local result = run(words)
        assert.same({ 0, undisturbed.stdout }, { result.status, result.stdout }, result.stderr)
        assert.equal(count + 1, #site.server:requests())
      end)
    end
  end

  for _, words in ipairs { RUNS[1], RUNS[2], { "doctor", "--json" } } do
    it("ends with 5 at the daily limit, at once: " .. words[1], function()
      site.server:fault { kind = "rate_limit", policy = "DAILY" }
      local result = run(words)
      assert.equal(5, result.status)
      assert.matches("daily", (result.stdout .. result.stderr):lower(), 1, true)
      if words[1] ~= "doctor" then
        assert.equal(1, #site.server:requests())
        assert.matches("^hubspot%-lua %l+: [^\n]*\n$", result.stderr)
      end
    end)

    it("ends with 4 where the token is good no longer, and says what to do: " .. words[1], function()
      site.server:reset { token = "another" }
      local result = run(words)
      assert.equal(4, result.status)
      assert.matches("Check the token: HubSpot does not accept it", result.stdout .. result.stderr, 1, true)
    end)
  end

  it("ends with 4 where a scope is missing, and names it", function()
    site.server:reset { contacts = 2, scopes = { "crm.objects.deals.read" } }
    for _, words in ipairs { { "get", "contacts", "4127" }, RUNS[2] } do
      local result = run(words)
      assert.same({ 4, "" }, { result.status, result.stdout })
      assert.matches("The token lacks the scope crm.objects.contacts.read: add it", result.stderr, 1, true)
    end
  end)

  it("says what to do after what is temporary, and names no option that it lacks", function()
    local function described(fields)
      fields.message = fields.message or "M"
      return fail.describe(errors.new(fields))
    end
    local slow = errors.from_transport { kind = "timeout", message = "no answer in time", sent = true }
    assert.equal("no answer in time (sent, without a whole answer). Run the same again later", fail.describe(slow))
    local unconnected = errors.from_transport { kind = "timeout", message = "no connection", sent = false }
    assert.equal(
      "no connection (not sent). No connection came about in time: check --base-url, https_proxy and the firewall",
      fail.describe(unconnected)
    )
    assert.equal("M. Run the same again later", described { kind = "network", hint = retry.NO_TIME })
    assert.equal("M (HTTP 429). Run the same again later", described { kind = "rate_limit", status = 429 })
    assert.equal(
      "M (HTTP 429). Run the same again when the day is over in the account's time zone",
      described { kind = "rate_limit", status = 429, policy_name = "DAILY" }
    )
    errors.add_hint(slow, retry.NO_TIME)
    assert.equal("no answer in time (sent, without a whole answer). Run the same again later", fail.describe(slow))
    local both = "Check it. For slow answers pass a longer timeout, in seconds. Check that"
    assert.equal("M. Check it. Check that", described { kind = "network", hint = both })
    assert.equal("M (HTTP 404)", described { kind = "api", status = 404 })
    assert.matches(
      'Check https_proxy, such as "http://user:password@host:port", and that this machine reaches the proxy$',
      fail.describe(errors.from_transport { kind = "network", message = "M", curl_code = 5, sent = false })
    )
    assert.matches(
      ": set https_proxy to http://user:password@host:port$",
      fail.describe(errors.from_response { status = 407, headers = {}, body = "" })
    )

    local function obstacle(err, time_left, take)
      return select(2, retry.delay(retry.settings(), err, 1, true, time_left, { take = take }))
    end
    local refused = { status = 429, kind = "rate_limit", retry_after = 300 }
    assert.equal(
      "M. HubSpot asks for 300 s of rest: run the same again then",
      described { kind = "rate_limit", hint = obstacle(refused, 120) }
    )
    assert.equal(
      "M. It was not sent again, since too many requests failed lately, as in an outage: run the same again later",
      described { kind = "network", hint = obstacle({ kind = "network" }, 120, function() return false end) }
    )
  end)

  it("names the type that was meant", function()
    local state = os.tmpname()
    local database = os.tmpname()
    for _, words in ipairs {
      { "get", "contcts", "1" },
      { "get", "contacts", "4127", "--associations", "contcts" },
      { "export", "associations", "companies", "contcts" },
      { "import", "contcts", "-", "--key", "email" },
      { "changes", "contcts", "--state", state .. ".json" },
      { "mirror", "--db", "sqlite:" .. database, "--objects", "contcts" },
    } do
      local result = run(words)
      assert.equal(1, result.status, result.stderr)
      local says = "Unable to infer object type from: contcts .*%. Did you mean contacts%?\n$"
      assert.truthy(result.stderr:find(says), result.stderr)
    end
    os.remove(state)
    os.remove(database)
  end)

  it("ends with the codes of its help at what the library says", function()
    local function code(fields)
      fields.message = "as in this example"
      local thrown = select(2, pcall(fail.hubspot, errors.new(fields)))
      assert.is_true(fail.is_failure(thrown))
      return thrown.code
    end
    for _, kind in ipairs { "network", "timeout", "rate_limit", "decode", "cancelled" } do
      assert.equal(5, code { kind = kind })
    end
    for status, expected in pairs { [400] = 1, [404] = 1, [409] = 1, [500] = 5, [502] = 5, [503] = 5 } do
      assert.equal(expected, code { kind = "api", status = status })
    end
    assert.equal(4, code { kind = "auth", status = 403 })
  end)
end)
