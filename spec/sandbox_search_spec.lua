local core = require "hubspot.core"
local portal = require "spec.support.portal"

local NOW = portal.NOW

describe("the sandbox", function()
  local wire, call, must

  before_each(function()
    wire = portal.new()
    call, must = wire.call, wire.must
  end)

  describe("search", function()
    local PATH = "/crm/objects/2026-09/contacts/search"

    local function search(body) return must("POST", PATH, body) end

    -- The first names that one filter finds, in order.
    local function found(filter)
      local result = search { filterGroups = core.array { { filters = core.array { filter } } }, limit = 100 }
      local names = {}
      for index, contact in ipairs(result.results) do
        names[index] = contact.properties.firstname
      end
      return table.concat(names)
    end

    before_each(function()
      wire.create {
        firstname = "A",
        email = "ann@example.org",
        lead_score = 9,
        lead_tier = "a",
        city = "Lyon",
        contract_start = "2026-01-01",
        phone = "+1 (555) 010-2030",
      }
      wire.create {
        firstname = "B",
        email = "bob@other.net",
        lead_score = 10,
        lead_tier = "b",
        city = "LYON",
        contract_start = "2026-06-01",
      }
      wire.create { firstname = "C", email = "cat@example.org", lead_score = 100, city = "New Lyon" }
      wire.create { firstname = "D" }
    end)

    it("compares numbers as numbers", function()
      assert.equal("B", found { propertyName = "lead_score", operator = "EQ", value = "10" })
      assert.equal("B", found { propertyName = "lead_score", operator = "EQ", value = "10.0" })
      assert.equal("AC", found { propertyName = "lead_score", operator = "NEQ", value = "10" })
      assert.equal("A", found { propertyName = "lead_score", operator = "LT", value = "10" })
      assert.equal("AB", found { propertyName = "lead_score", operator = "LTE", value = 10 })
      assert.equal("C", found { propertyName = "lead_score", operator = "GT", value = "10" })
      assert.equal("BC", found { propertyName = "lead_score", operator = "GTE", value = "10" })
      assert.equal("AB", found { propertyName = "lead_score", operator = "BETWEEN", value = "9", highValue = "99" })
      assert.equal("AC", found { propertyName = "lead_score", operator = "IN", values = core.array { "9", "100" } })
      assert.equal("B", found { propertyName = "lead_score", operator = "NOT_IN", values = core.array { "9", "100" } })
    end)

    it("takes any number of wildcards", function()
      assert.equal("AC", found { propertyName = "email", operator = "CONTAINS_TOKEN", value = "*@example.*" })
      assert.equal("A", found { propertyName = "email", operator = "CONTAINS_TOKEN", value = "A*@*E.o*G" })
      assert.equal("ABC", found { propertyName = "email", operator = "CONTAINS_TOKEN", value = "*" })
      assert.equal("", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = "lyon*lyon" })
      -- A pattern would try every way to part the text.
      wire.create { firstname = "E", city = ("a"):rep(5000) }
      assert.equal("", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = ("*a"):rep(50) .. "b" })
      assert.equal("E", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = ("*a"):rep(50) .. "*" })
    end)

    it("compares dates however they are written", function()
      assert.equal("B", found { propertyName = "contract_start", operator = "GT", value = "2026-01-01" })
      assert.equal("AB", found { propertyName = "contract_start", operator = "GTE", value = "1767225600000" })
      assert.equal("ABCD", found { propertyName = "createdate", operator = "GTE", value = tostring(NOW) })
      assert.equal("", found { propertyName = "createdate", operator = "LT", value = "2025-01-01T00:00:00Z" })
    end)

    it("compares texts without case and options with it", function()
      assert.equal("AB", found { propertyName = "city", operator = "EQ", value = "lyon" })
      assert.equal("AB", found { propertyName = "city", operator = "IN", values = core.array { "lyon" } })
      assert.equal("", found { propertyName = "city", operator = "IN", values = core.array { "Lyon" } })
      assert.equal("A", found { propertyName = "lead_tier", operator = "EQ", value = "a" })
      assert.equal("", found { propertyName = "lead_tier", operator = "EQ", value = "A" })
    end)

    it("finds tokens, with wildcards", function()
      assert.equal("ABC", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = "lyon" })
      assert.equal("C", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = "new" })
      assert.equal("", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = "lyo" })
      assert.equal("ABC", found { propertyName = "city", operator = "CONTAINS_TOKEN", value = "lyo*" })
      assert.equal("AC", found { propertyName = "email", operator = "CONTAINS_TOKEN", value = "*@example.org" })
      assert.equal("B", found { propertyName = "email", operator = "NOT_CONTAINS_TOKEN", value = "*@example.org" })
    end)

    it("knows who has a value", function()
      assert.equal("AB", found { propertyName = "lead_tier", operator = "HAS_PROPERTY" })
      assert.equal("CD", found { propertyName = "lead_tier", operator = "NOT_HAS_PROPERTY" })
    end)

    it("takes all filters of a group and any of the groups", function()
      local result = search {
        properties = core.array { "firstname" },
        filterGroups = core.array {
          {
            filters = core.array {
              { propertyName = "city", operator = "EQ", value = "lyon" },
              { propertyName = "lead_score", operator = "GT", value = "9" },
            },
          },
          { filters = core.array { { propertyName = "lead_score", operator = "EQ", value = "100" } } },
        },
      }
      assert.equal(2, result.total)
      assert.equal("B", result.results[1].properties.firstname)
      assert.equal("C", result.results[2].properties.firstname)
    end)

    it("refuses what it does not understand", function()
      for _, filter in ipairs {
        { propertyName = "nope", operator = "EQ", value = "1" },
        { propertyName = "city", operator = "LIKE", value = "1" },
        { propertyName = "city", operator = "EQ" },
        { propertyName = "city", operator = "IN", value = "1" },
        { propertyName = "lead_score", operator = "GT", value = "many" },
        { propertyName = "lead_score", operator = "BETWEEN", value = "1" },
      } do
        local status, body = call("POST", PATH, { filterGroups = core.array { { filters = core.array { filter } } } })
        assert.equal(400, status)
        assert.equal("VALIDATION_ERROR", body.category)
      end
      assert.equal(400, (call("POST", PATH, { sorts = core.array { "nope" } })))
      assert.equal(400, (call("POST", PATH, { query = ("x"):rep(3001) })))
    end)

    it("refuses too many filters", function()
      local function groups(count, filters)
        local list = {}
        for group = 1, count do
          list[group] = { filters = core.array {} }
          for number = 1, filters do
            list[group].filters[number] = { propertyName = "city", operator = "HAS_PROPERTY" }
          end
        end
        return { filterGroups = core.array(list) }
      end
      assert.equal(200, (call("POST", PATH, groups(5, 3))))
      assert.equal(400, (call("POST", PATH, groups(6, 1))))
      assert.equal(200, (call("POST", PATH, groups(3, 6))))
      assert.equal(400, (call("POST", PATH, groups(1, 7))))
      assert.equal(400, (call("POST", PATH, groups(4, 5))))
    end)

    it("sorts ids as numbers, or as texts where asked, and compares them as numbers", function()
      for _, as_texts in ipairs { false, true } do
        local other = portal.new { contacts = 700, ids_sorted_as_texts = as_texts, contacts_changed_at = 1795000000000 }
        local function ids(body)
          body.limit = 200
          return portal.ids_of(other.must("POST", PATH, body).results)
        end
        local rising = ids { sorts = core.array { "hs_object_id" } }
        local falling = ids { sorts = core.array { "-hs_object_id" } }
        assert.equal(as_texts, #rising[1] == 5)
        assert.equal(as_texts, #falling[1] == 4)
        for _, id in
          ipairs(ids {
            sorts = core.array { "hs_object_id" },
            filterGroups = core.array {
              {
                filters = core.array { { propertyName = "hs_object_id", operator = "LT", value = "9999" } },
              },
            },
          })
        do
          assert.equal(4, #id)
        end
        local contact = other.must("GET", "/crm/objects/2026-09/contacts/" .. rising[1])
        assert.equal("2026-11-18T11:06:40Z", (contact.updatedAt:gsub("%.000", "")))
      end
    end)

    it("looks for a text in names, addresses and numbers", function()
      assert.equal(2, search({ query = "EXAMPLE" }).total)
      assert.equal(1, search({ query = "ann example" }).total)
      assert.equal(1, search({ query = "5550102030" }).total)
      assert.equal(0, search({ query = "Lyon" }).total)
      assert.equal(4, search({ query = "" }).total)
    end)

    it("sorts by either spelling, those without a value last", function()
      local function order(sort)
        local names = {}
        for index, contact in ipairs(search({ sorts = core.array { sort } }).results) do
          names[index] = contact.properties.firstname
        end
        return table.concat(names)
      end
      assert.equal("ABCD", order "lead_score")
      assert.equal("CBAD", order "-lead_score")
      assert.equal("CBAD", order { propertyName = "lead_score", direction = "DESCENDING" })
      assert.equal("ABCD", order { propertyName = "lead_score", direction = "ASCENDING" })
      assert.equal("DCBA", order "-firstname")
      assert.equal(400, (call("POST", PATH, { sorts = core.array { { propertyName = "city", direction = "UP" } } })))
    end)

    it("is paged to the end, and asked anew when contacts change", function()
      local seen, after = {}, "0"
      repeat
        local page = search { limit = 3, after = after, sorts = core.array { "-firstname" } }
        assert.equal(4, page.total)
        for _, contact in ipairs(page.results) do
          seen[#seen + 1] = contact.properties.firstname
        end
        after = page.paging and page.paging.next.after
      until not after
      assert.equal("DCBA", table.concat(seen))
      wire.create { firstname = "E" }
      assert.equal(5, search({ limit = 3, sorts = core.array { "-firstname" } }).total)
    end)

    it("gives 200 in a page and 10,000 in all", function()
      assert.equal(200, (call("POST", PATH, { limit = 200 })))
      assert.equal(400, (call("POST", PATH, { limit = 201 })))
      assert.equal(200, (call("POST", PATH, { limit = 100, after = "9900" })))
      assert.equal(400, (call("POST", PATH, { limit = 100, after = "9901" })))
      assert.equal(400, (call("POST", PATH, { limit = 100, after = 10000 })))
    end)

    it("tells the whole number beyond the ceiling", function()
      wire = portal.new { contacts = 25, search_ceiling = 20 }
      local page = wire.must("POST", PATH, { limit = 5, after = "15" })
      assert.same({ 25, 5, "20" }, { page.total, #page.results, page.paging.next.after })
      local status, refusal = wire.call("POST", PATH, { limit = 5, after = "20" })
      assert.same({ 400, "VALIDATION_ERROR" }, { status, refusal.category })
    end)

    it("lags when asked", function()
      wire = portal.new { search_lag = 5 }
      local function by_city(city)
        return wire.must("POST", PATH, {
          filterGroups = core.array {
            {
              filters = core.array {
                { propertyName = "city", operator = "EQ", value = city },
              },
            },
          },
        }).total
      end
      local id = wire.create { firstname = "A", city = "Lyon" }
      assert.equal(0, by_city "Lyon")
      assert.equal(id, wire.must("GET", "/crm/objects/2026-09/contacts/" .. id).id)
      wire.portal:advance(5)
      assert.equal(1, by_city "Lyon")
      wire.must("PATCH", "/crm/objects/2026-09/contacts/" .. id, { properties = { city = "Pune" } })
      assert.equal(1, by_city "Lyon")
      assert.equal(0, by_city "Pune")
      wire.portal:advance(5)
      assert.equal(0, by_city "Lyon")
      assert.equal(1, by_city "Pune")
    end)
  end)
end)
