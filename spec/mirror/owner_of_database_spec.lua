-- What somebody who owns the database may do to a mirror's views and tables.

local support = require "spec.support.mirror"

support.on_each(function(start)
  local mirror

  before_each(function()
    mirror = start({ contacts = 5, companies = 2 }, { objects = { "contacts", "companies" } })
    mirror:run()
  end)

  local function columns_of(name) return mirror.database.dialect.columns(mirror.database, name) end

  it("gets a view again that was dropped", function()
    for _, name in ipairs { "contacts_live", "companies_contacts" } do
      mirror.database:execute("DROP VIEW " .. name)
    end
    mirror:settle()
    assert.equal(5, mirror:count "SELECT count(*) FROM contacts_live")
    assert.is_truthy(next(columns_of "companies_contacts"))
  end)

  it("gets a table again that was dropped, and its rows", function()
    mirror.database:execute "DROP VIEW contacts_live"
    mirror.database:execute "DROP TABLE contacts"
    mirror:settle()
    assert.same({}, mirror:differences())
    assert.equal(5, mirror:count "SELECT count(*) FROM contacts_live")
    assert.equal(0, mirror:run({ sweep = "now" }).written)
  end)

  it("gets a column again that was dropped, unless its property is gone", function()
    mirror:run { properties = { "email" } }
    mirror.database:execute "ALTER TABLE contacts DROP COLUMN city"
    mirror:run { properties = { "email" } }
    assert.is_nil(columns_of("contacts").city)
    mirror:run()
    assert.is_true(columns_of("contacts").city)
    assert.same({}, mirror:differences())
  end)
end)
