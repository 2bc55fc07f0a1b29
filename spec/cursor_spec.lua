local cursor = require "hubspot.paging.cursor"
local core = require "hubspot.core"
local digest = require "hubspot.digest"

local function is_position(position) return type(position) == "table" and position.wrong == nil end

local OWNER = { label = "contacts:all/current", digest = "0123456789abcdef" }

describe("a digest", function()
  it("is the same in every Lua", function()
    assert.equal("0000000000000000", digest.of "")
    assert.equal("022bda6d65433444", digest.of '{"query":"ada"}')
    assert.equal("57b334314578d655", digest.of(("\255\0"):rep(5000)))
  end)

  it("takes a text in pieces", function()
    local made = digest.new()
    for _, piece in ipairs { '{"query', "", '":"ada"}' } do
      made:add(piece)
    end
    assert.equal("022bda6d65433444", made:text())
    for _, sum in ipairs { -1, 2 ^ 31, 0 / 0, "a" } do
      assert.has_error(function() core.digest(sum, 0, "") end)
      assert.has_error(function() core.digest(0, sum, "") end)
    end
  end)

  it("differs between any two of many texts that are alike", function()
    local seen = {}
    for number = 1, 20000 do
      local one = digest.of(('{"id":"%d"}'):format(number))
      assert.truthy(one:find "^%x+$")
      assert.equal(16, #one)
      assert.is_nil(seen[one])
      seen[one] = true
    end
    assert.not_equal(digest.of "a", digest.of "a\0")
    assert.not_equal(digest.of "ab", digest.of "ba")
  end)
end)

describe("cursor.read", function()
  it("gives back what was written", function()
    for _, place in ipairs {
      { position = {} },
      { position = { after = "7" } },
      { position = { id = "12", later = { { to = "3" } } }, size = 100, last = { "9", "8" }, coming = { "10" } },
    } do
      assert.same(place, cursor.read(cursor.write(OWNER, place), OWNER, is_position))
    end
    assert.same({ position = {} }, cursor.read(nil, OWNER, is_position))
  end)

  it("refuses what is no cursor", function()
    local from_owner = '{"v":3,"of":"contacts:all/current","options":"0123456789abcdef"%s}'
    local texts = { "", "x", "5", "{}", "[]" }
    for _, rest in ipairs {
      "",
      ',"at":5',
      ',"at":{},"last":["1"]',
      ',"at":{},"size":5',
      ',"at":{"wrong":true}',
      ',"at":{},"size":5,"last":["1"]',
      ',"at":{},"size":0,"last":[],"coming":[]',
      ',"at":{},"size":1.5,"last":[],"coming":[]',
      ',"at":{},"size":5,"last":[{}],"coming":[]',
      ',"at":{},"size":5,"last":[],"coming":{"a":"b"}',
    } do
      texts[#texts + 1] = from_owner:format(rest)
    end
    for _, text in ipairs(texts) do
      local place, message = cursor.read(text, OWNER, is_position)
      assert.is_nil(place, text)
      assert.equal("cursor must be a string that it:cursor() gave", message)
    end
  end)

  it("says what is different about the call that it came from", function()
    local function message_for(label, made_of)
      local place, message =
        cursor.read(cursor.write({ label = label, digest = made_of }, { position = {} }), OWNER, is_position)
      assert.is_nil(place)
      return message
    end
    assert.equal(
      "cursor is one of lists:contacts/v1, not of contacts:all/current",
      message_for("lists:contacts/v1", OWNER.digest)
    )
    assert.truthy(message_for(OWNER.label, "f"):find("contacts:all/current with other arguments or options", 1, true))
    local _, message = cursor.read('{"v":1,"of":"contacts:all/current","at":{}}', OWNER, is_position)
    assert.truthy(message:find("another version", 1, true))
  end)
end)
