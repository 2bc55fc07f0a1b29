-- Files that the core puts on the disk, or makes shorter.

local core = require "hubspot.core"
local script = require "spec.support.script"

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

describe("core.truncate", function()
  it("keeps the first bytes of a file", function()
    script.with_file("one\ntwo\n", function(path)
      for _, case in ipairs { { 8, "one\ntwo\n" }, { 4, "one\n" }, { 4, "one\n" }, { 0, "" } } do
        assert.is_true(core.truncate(path, case[1]))
        assert.equal(case[2], read(path))
      end
    end)
  end)

  it("never makes a file longer", function()
    script.with_file("one\n", function(path)
      for _, bytes in ipairs { 5, 2 ^ 40, 2 ^ 53 } do
        assert.same({ nil, path .. ": it is shorter than that" }, { core.truncate(path, bytes) })
      end
      assert.equal("one\n", read(path))
    end)
  end)

  it("says what is wrong with a path", function()
    assert.same({ nil, "/no/such/file: No such file or directory" }, { core.truncate("/no/such/file", 0) })
    assert.same({ nil, "/tmp: Is a directory" }, { core.truncate("/tmp", 0) })
    assert.same({ nil, "/dev/null: it is no regular file" }, { core.truncate("/dev/null", 0) })
  end)

  it("wants a path and a number of bytes", function()
    script.with_file("one\n", function(path)
      for _, bytes in ipairs { -1, 1.5, -math.huge, math.huge, 0 / 0, 2 ^ 60, "many", {}, true } do
        assert.error_matches(function() core.truncate(path, bytes) end, "bad argument #2 to '?[%w.]+'? %(")
      end
      assert.has_error(function() core.truncate(path) end)
      assert.has_error(function() core.truncate(nil, 0) end)
      assert.has_error(function() core.truncate({}, 0) end)
      assert.equal("one\n", read(path))
    end)
  end)
end)

describe("core.sync", function()
  it("takes a file, or a folder, and leaves it as it is", function()
    script.with_file("one\n", function(path)
      assert.is_true(core.sync(path))
      assert.equal("one\n", read(path))
    end)
    assert.is_true(core.sync "/tmp")
  end)

  it("says what is wrong with a path, and wants one", function()
    assert.same({ nil, "/no/such/file: No such file or directory" }, { core.sync "/no/such/file" })
    assert.has_error(function() core.sync(nil) end)
  end)
end)
