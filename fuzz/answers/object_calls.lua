-- Calls of the operations that each type of CRM records has, as `fuzz.answers.calls` takes them. `place` has the ids of
-- companies and of an appointment, and the values of a unique property of companies.

local UNIQUE = "account_number"

local function without_raw(options)
  local left = {}
  for name, value in pairs(options or {}) do
    if name ~= "raw" then left[name] = value end
  end
  return left
end

--- Adds the calls.
-- @tparam table calls
-- @tparam function pages function(make) that returns the calls which read an iterator
return function(calls, pages)
  local function of_companies(name, call)
    calls["objects:" .. name] = function(client, place, options) return call(client.companies, place, options) end
  end

  of_companies("get", function(companies, place, options) return companies:get(place.companies[1], options) end)
  of_companies(
    "get_by",
    function(companies, place, options) return companies:get_by(UNIQUE, place.account_numbers[1], options) end
  )
  local get_by = calls["objects:get_by"]
  calls["objects:get_by"] = {
    get_by,
    function(client, place, options)
      return get_by(client, place, { properties = { "name" }, coalesce = not options.raw or nil, raw = options.raw })
    end,
  }
  of_companies("get_many", function(companies, place, options) return companies:get_many(place.companies, options) end)
  of_companies(
    "get_many_by",
    function(companies, place, options) return companies:get_many_by(UNIQUE, place.account_numbers, options) end
  )
  of_companies("create", function(companies, _, options) return companies:create({ name = "Acme" }, options) end)
  of_companies(
    "update",
    function(companies, place, options) return companies:update(place.companies[1], { name = "Acme" }, options) end
  )
  of_companies(
    "update_by",
    function(companies, place, options)
      return companies:update_by(UNIQUE, place.account_numbers[1], { name = "Acme" }, options)
    end
  )
  of_companies(
    "upsert_by",
    function(companies, place, options)
      return companies:upsert_by(UNIQUE, place.account_numbers[1], { name = "Acme" }, options)
    end
  )
  of_companies("delete", function(companies, place, options) return companies:delete(place.companies[1], options) end)
  of_companies(
    "merge",
    function(companies, place, options) return companies:merge(place.companies[1], place.companies[2], options) end
  )
  of_companies("count", function(companies, _, options) return companies:count(without_raw(options)) end)
  of_companies(
    "create_many",
    function(companies)
      return companies:create_many { { properties = { name = "One" } }, { properties = { nothing = "Two" } } }
    end
  )
  of_companies(
    "update_many",
    function(companies, place)
      return companies:update_many {
        { id = place.companies[1], properties = { name = "One" } },
        { id = "999", properties = { name = "Two" } },
      }
    end
  )
  of_companies(
    "upsert_many",
    function(companies, place)
      return companies:upsert_many({
        { account_number = place.account_numbers[1], properties = { name = "One" } },
        { account_number = "C-99", properties = { name = "Two" } },
      }, { by = UNIQUE })
    end
  )
  of_companies("delete_many", function(companies, place) return companies:delete_many { place.companies[1], "999" } end)
  for _, name in ipairs { "all", "recently_created", "recently_updated" } do
    calls["objects:" .. name] = pages(
      function(client, _, options) return client.companies[name](client.companies, options) end
    )
  end
  for _, name in ipairs { "companies", "contacts" } do
    local label = name == "companies" and "objects" or name
    calls[label .. ":changes"] = pages(
      function(client, _, options) return client[name]:changes(without_raw(options)) end
    )
  end
  calls["objects:search"] = pages(function(client, _, options) return client.companies:search("", options) end)
  calls["objects:gdpr_delete"] = function(client, place, options)
    return client.appointments:gdpr_delete(place.appointment, options)
  end
  calls["objects:gdpr_delete_by"] = function(client, place, options)
    return client.appointments:gdpr_delete_by(UNIQUE, place.account_numbers[1], options)
  end

  calls["contacts:get_by"] = function(client, place, options)
    return client.contacts:get_by("email", place.emails[1], options)
  end
  calls["contacts:get_many_by"] = function(client, place, options)
    return client.contacts:get_many_by("email", place.emails, options)
  end
  calls["contacts:update_by"] = function(client, place, options)
    return client.contacts:update_by("email", place.emails[1], { firstname = "Ada" }, options)
  end
  calls["contacts:upsert_by"] = function(client, place, options)
    return client.contacts:upsert_by("email", place.emails[1], { firstname = "Ada" }, options)
  end
  calls["contacts:gdpr_delete"] = function(client, place, options)
    return client.contacts:gdpr_delete(place.ids[1], options)
  end
  calls["contacts:gdpr_delete_by"] = function(client, place, options)
    return client.contacts:gdpr_delete_by("email", place.emails[1], options)
  end
  calls["contacts:count"] = function(client, _, options) return client.contacts:count(without_raw(options)) end
  calls["contacts:create_many"] = function(client)
    return client.contacts:create_many {
      { properties = { email = "one@example.org" } },
      { properties = { email = "two" } },
    }
  end
  calls["contacts:update_many"] = function(client, place)
    return client.contacts:update_many {
      { id = place.ids[1], properties = { firstname = "One" } },
      { id = "999", properties = { firstname = "Two" } },
    }
  end
  calls["contacts:delete_many"] = function(client, place) return client.contacts:delete_many { place.ids[1], "999" } end
end
