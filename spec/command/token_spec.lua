-- Tokens that don't suffice. One of OAuth, which the command can't renew, may end during a run: the run ends with 4,
-- says so, and is resumed with another token. A scope that is missing is named.

local batch_reader = require "hubspot.command.import.batch_reader"
local command_place = require "spec.faults.command_place"
local core = require "hubspot.core"
local exporting = require "spec.support.exporting"
local scratch = require "spec.support.scratch"

local LIFE = 1800
local EXPIRED = "The OAuth token used to make this call expired. (HTTP 401 EXPIRED_AUTHENTICATION, "
local ADVICE = "Check the token: HubSpot does not accept it (wrong, revoked or expired)."

local place, path, rows_a_batch

setup(function()
  rows_a_batch, batch_reader.ROWS = batch_reader.ROWS, 2
end)
teardown(function() batch_reader.ROWS = rows_a_batch end)

before_each(function()
  place = command_place.new {
    contacts = 7,
    clock = 1780000000000,
    token = command_place.TOKEN,
    oauth = {
      client_id = "an-app",
      client_secret = "its-secret",
      refresh_token = "its-refresh-token",
      expires_in = LIFE,
    },
  }
  path = scratch.path "file.csv"
end)
after_each(function() scratch.remove_folder_of(path) end)

-- An access token, as an app gets it.
local function new_token()
  local answer = place.portal {
    method = "POST",
    url = "https://api.hubapi.com/oauth/2026-09/token",
    headers = { ["content-type"] = "application/x-www-form-urlencoded" },
    body = "grant_type=refresh_token&client_id=an-app&client_secret=its-secret&refresh_token=its-refresh-token",
  }
  assert.equal(200, answer.status)
  return assert(core.decode(answer.body)).access_token
end

local function write_people()
  local file = assert(io.open(path, "w"))
  file:write "firstname\nN1\nN2\nN3\nN4\nN5\n"
  file:close()
end

-- Lets the tokens end after some answers to the command.
local function expire_after(count)
  place.on_answer = function()
    count = count - 1
    if count == 0 then place.portal:advance(LIFE) end
  end
end

local function assert_expired(result, token)
  assert.equal(4, result.code, result.message)
  assert.truthy(result.message:find(EXPIRED, 1, true), result.message)
  assert.truthy(result.message:find(ADVICE, 1, true), result.message)
  assert.is_nil((result.message .. result.notes):find(token, 1, true))
end

describe("an access token that ends", function()
  it("in an export: it is resumed with another one", function()
    local words = { "export", "contacts", "--parallel", "1", "-o", path }
    local whole = place:run({ "export", "contacts" }, { token = new_token() }).text
    local token = new_token()
    expire_after(3)
    local result = place:run(words, { token = token })
    assert_expired(result, token)
    assert.truthy(
      result.notes:find("rows are in " .. path .. ".part: run the same with --resume", 1, true),
      result.notes
    )
    local part = exporting.read(path .. ".part")
    assert.is_true(#part > 0 and whole:sub(1, #part) == part)
    words[#words + 1] = "--resume"
    assert_expired(place:run(words, { token = token }), token)
    assert.equal(part, exporting.read(path .. ".part"))
    assert.is_nil(exporting.read(path))
    assert.equal(0, place:run(words, { token = new_token() }).code)
    assert.equal(whole, exporting.read(path))
  end)

  it("in an import: it is resumed with another one, and nothing is created twice", function()
    write_people()
    local words = { "import", "contacts", path, "--mode", "create", "--parallel", "1", "--write" }
    local token = new_token()
    expire_after(5)
    local result = place:run(words, { token = token })
    assert_expired(result, token)
    assert.truthy(result.message:find("; 2 of 5 rows are done: --resume resumes it", 1, true), result.message)
    words[#words + 1] = "--resume"
    local resumed = place:run(words, { token = new_token() })
    assert.equal(0, resumed.code, resumed.message)
    local count = 0
    for _, contact in ipairs(place:must("GET", "/crm/objects/2026-09/contacts?limit=100").results) do
      if (contact.properties.firstname or ""):find "^N%d$" then count = count + 1 end
    end
    assert.equal(5, count)
  end)
end)

describe("a scope that the token lacks", function()
  local READS =
    { "crm.objects.contacts.read", "crm.schemas.contacts.read", "crm.lists.read", "crm.objects.owners.read" }

  -- The scopes but one.
  local function without(scope)
    local scopes = {}
    for _, one in ipairs(READS) do
      if one ~= scope then scopes[#scopes + 1] = one end
    end
    return scopes
  end

  local function assert_lacks(scope, words)
    place = command_place.new { contacts = 3, scopes = without(scope), token = command_place.TOKEN }
    local result = place:run(words)
    assert.equal(4, result.code, table.concat(words, " "))
    local sentence = ("The token lacks the scope %s: add it to the service key or app"):format(scope)
    assert.truthy(result.message:find(sentence, 1, true), result.message)
    assert.is_nil(result.message:find(".lua:", 1, true), result.message)
    assert.equal("", result.text)
  end

  it("is named by what reads records or lists", function()
    local READ = "crm.objects.contacts.read"
    assert_lacks(READ, { "export", "contacts", "-o", path })
    assert.is_nil(exporting.read(path))
    assert_lacks("crm.lists.read", { "export", "lists" })
    assert_lacks(READ, { "changes", "contacts", "--state", path .. ".json" })
    assert_lacks(READ, { "mirror", "--db", "sqlite:" .. path .. ".db", "--objects", "contacts" })
  end)

  it("keeps an import from its first row on, which is resumed with another token", function()
    write_people()
    place = command_place.new { scopes = READS }
    local words = { "import", "contacts", path, "--mode", "create", "--write" }
    local result = place:run(words)
    assert.equal(4, result.code)
    assert.truthy(result.message:find("The token lacks the scope crm.objects.contacts.write: add it", 1, true))
    assert.truthy(result.message:find("; 0 of 5 rows are done: --resume resumes it", 1, true), result.message)
    READS[#READS + 1] = "crm.objects.contacts.write"
    place.portal:restart { scopes = READS }
    words[#words + 1] = "--resume"
    assert.equal(0, place:run(words).code)
    assert.equal(5, #place:must("GET", "/crm/objects/2026-09/contacts").results)
  end)
end)
