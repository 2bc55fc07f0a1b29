-- Options that decide what a run writes: `--resume` continues a run with the same values only, so that each option of a
-- subcommand which resumes says whether it is one.

local context = require "hubspot.command.context"
local options = require "hubspot.command.options"
local parser = require "hubspot.command.parser"
local plans = require "hubspot.command.export.plan"
local settings = require "hubspot.command.import.settings"
local subcommands = require "hubspot.command.subcommands"

local ARGUMENTS = { export = { "contacts" }, import = { "contacts", "a.csv" } }

local MAP_FILE = os.tmpname()

setup(function()
  local file = assert(io.open(MAP_FILE, "w"))
  file:write '{ "E-mail": "email" }'
  file:close()
end)

teardown(function() os.remove(MAP_FILE) end)

-- A value of each option that takes one, and is no choice.
local VALUES = {
  export = {
    output = "c.csv",
    properties = "email",
    filter = "city = Lyon",
    since = "2026-01-31",
    list = "1",
    ids = "ids.txt",
    associations = "companies",
    max = "5",
    parallel = "2",
  },
  import = {
    key = "code",
    map = "E-mail=email",
    map_file = MAP_FILE,
    ignore = "Notes",
    append = "interests",
    date_format = "DD.MM.YYYY",
    associate = "companies:company_id=Employer",
    add_to_list = "1",
    errors = "bad.csv",
    results = "results.csv",
    max_errors = "5%",
    delimiter = ";",
    parallel = "2",
  },
}

for _, values in pairs(VALUES) do
  values.token_file, values.portal, values.limiter = "token.txt", "1", "file:quota"
  values.summary, values.base_url = "summary.json", "http://127.0.0.1:9"
end

local function context_of(name, words)
  local line = { name }
  for _, list in ipairs { ARGUMENTS[name], words } do
    for _, word in ipairs(list) do
      line[#line + 1] = word
    end
  end
  return context.new(parser.parse(line))
end

-- Whether `--resume` refuses a run with these words to continue one without them.
local refuses = {
  export = function(words)
    local before, after = context_of("export", {}), context_of("export", words)
    local function identity(of) return plans.read(of.arguments, of.options, of.deciding).identity end
    return plans.difference(identity(before), identity(after), after.deciding) ~= nil
  end,
  import = function(words)
    local function text(of) return settings.text(of, settings.map(of.options), "1") end
    return text(context_of("import", {})) ~= text(context_of("import", words))
  end,
}

-- The words that give an option a value which is not its default.
local function words_of(name, option)
  if not option.takes then return { options.flag(option) } end
  local value = VALUES[name][option.name]
  for _, choice in ipairs(option.choices or {}) do
    if choice ~= option.default and choice ~= "csv" then value = choice end
  end
  assert.is_string(value, "VALUES needs a value of " .. option.name)
  return { options.flag(option), value }
end

describe("a subcommand with --resume", function()
  it("is one of those below", function()
    local names = {}
    for _, declaration in ipairs(subcommands.load_all()) do
      for _, option in ipairs(declaration.options or {}) do
        if option.name == "resume" then names[#names + 1] = declaration.name end
      end
    end
    assert.same({ "export", "import" }, names)
  end)

  for _, name in ipairs { "export", "import" } do
    local declaration = subcommands.load(name)
    for _, option in ipairs(options.of(declaration)) do
      it(("is refused by --resume as its declaration says: %s %s"):format(name, options.flag(option)), function()
        assert.is_boolean(option.decides, "`decides` is missing in the declaration")
        assert.equal(option.decides, refuses[name](words_of(name, option)))
      end)
    end
  end
end)
