-- The examples that are about deals, companies and their associations, each in a process of its own against a sandbox
-- server.

local fixture = require "spec.support.fixture"
local script = require "spec.support.script"

local run, run_on_account = script.run, script.run_on_account
local writes_among, has_lines = script.writes_among, script.has_lines
local fails_with, succeeds = script.fails_with, script.succeeds

describe("examples", function()
  local here = fixture.new { clients = {}, reset = {} }
  local server = here.server

  local function on_sandbox(arguments) return run(arguments, { HUBSPOT_BASE_URL = server.url }) end

  describe("deals_report", function()
    local function deal(properties) return { properties = properties } end

    local FIXTURES = {
      properties = {
        deals = {
          {
            name = "amount_in_home_currency",
            label = "Amount in company currency",
            groupName = "dealinformation",
            type = "number",
            fieldType = "number",
          },
        },
      },
      pipelines = {
        deals = {
          {
            label = "Renewals",
            displayOrder = 1,
            stages = {
              { label = "Due", stageId = "due", displayOrder = 0, metadata = { probability = "0.5" } },
              { label = "Renewed", stageId = "renewed", displayOrder = 1, metadata = { probability = "1.0" } },
            },
          },
        },
      },
      records = {
        deals = {
          deal { dealname = "a", dealstage = "due", amount = "1000.50", hubspot_owner_id = "41629779" },
          deal { dealname = "b", dealstage = "due", amount = "2000", hubspot_owner_id = "41629782" },
          deal { dealname = "c", dealstage = "renewed", amount = "9", amount_in_home_currency = "1000000" },
          deal { dealname = "d", dealstage = "renewed", hubspot_owner_id = "7" },
          deal { dealname = "e", dealstage = "closedwon", amount = "70" },
        },
      },
    }

    it("sums up a pipeline by stage and by owner, and only reads", function()
      server:reset { fixtures = FIXTURES }
      local result = run_on_account(server.url, { "examples/deals_report.lua", "Renewals" })
      succeeds(result)
      assert.are.equal(
        [[
5 deals in your HubSpot account

Renewals
  stage                               deals             amount           weighted
  Due                                     2           3,000.50           1,500.25
  Renewed                                 2       1,000,000.00       1,000,000.00
  all                                     4       1,003,000.50       1,001,500.25
  1 have no amount

  owner                               deals             amount           weighted
  nobody                                  1       1,000,000.00       1,000,000.00
  Jon Hale (left)                         1           2,000.00           1,000.00
  Maria Lopez                             1           1,000.50             500.25
  7                                       1               0.00               0.00
]],
        result.out
      )
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("reports each pipeline, and shows a stage that there is no more", function()
      server:reset { fixtures = FIXTURES }
      -- HubSpot knows one stage of the pipeline only.
      server:fault {
        kind = "status",
        status = 200,
        path = "^/crm/pipelines/2026-09/deals$",
        body = '{"results":[{"id":"default","label":"Sales Pipeline","displayOrder":0,"stages":[{"id":"won","label":"Won",'
          .. '"displayOrder":0,"metadata":{"probability":"1.0"}}]}]}',
      }
      local result = on_sandbox { "examples/deals_report.lua" }
      succeeds(result)
      has_lines(result.out, {
        "Sales Pipeline",
        "  Won                                     0               0.00               0.00",
        "  closedwon                               1              70.00               0.00",
      })
    end)

    it("reads more deals than a search gives", function()
      server:reset { deals = 10050 }
      local result = on_sandbox { "examples/deals_report.lua", "default" }
      succeeds(result)
      assert.are.equal(("10050 deals in the sandbox at %s"):format(server.url), result.out:match "^[^\n]+")
      assert.matches("\n  all +10050 ", result.out)
    end)

    it(
      "names a pipeline that it does not find",
      function()
        fails_with("There is no pipeline of deals Sails.\n", on_sandbox { "examples/deals_report.lua", "Sails" })
      end
    )
  end)

  describe("link_companies", function()
    local function contact(id, email) return { id = id, properties = { email = email } } end
    local function company(id, domain) return { id = id, properties = { name = "No. " .. id, domain = domain } } end

    local FIXTURES = {
      records = {
        companies = {
          company("71", "www.Acme.example"),
          company("72", "twice.example"),
          company("73", "twice.example"),
          company("74", "gmail.com"),
          company("75", "other.example"),
        },
        contacts = {
          contact("11", "ada@acme.example"),
          contact("12", "ALAN@ACME.EXAMPLE"),
          contact("13", "grace@twice.example"),
          contact("14", "joan@gmail.com"),
          contact("15", "barbara@nowhere.example"),
          { id = "16", properties = { firstname = "Nobody" } },
          { id = "17", properties = { email = "edsger@acme.example" }, associations = { companies = { 71 } } },
          { id = "18", properties = { email = "donald@acme.example" }, associations = { companies = { 75 } } },
        },
      },
    }

    local function companies_of(ids)
      local found = {}
      for index, one in ipairs(assert(here:new_client().associations:get_many("contacts", ids, "companies"))) do
        local names = {}
        for place, associated in ipairs(one.to) do
          names[place] = associated.id
        end
        found[index] = table.concat(names, " ")
      end
      return found
    end

    before_each(function() server:reset { fixtures = FIXTURES } end)

    it("tells what it would do, and writes nothing", function()
      local result = run_on_account(server.url, { "examples/link_companies.lua" })
      succeeds(result)
      has_lines(result.out, {
        "twice.example: 2 companies have it, 1 contacts are left alone",
        "companies read             5",
        "contacts read              8",
        "associated before          1",
        "would associate            3",
        "refused                    0",
        "no company                 3",
        "Nothing was written; the flag --write writes.",
      })
      assert.are.same({}, writes_among(server:requests()))
    end)

    it("associates with --write, by one request, and then finds it done", function()
      local result = run_on_account(server.url, { "examples/link_companies.lua", "--write" })
      succeeds(result)
      has_lines(result.out, { "associated before          1", "associated                 3" })
      assert.are.same(
        { "POST /crm/associations/2026-09/contacts/companies/batch/associate/default" },
        writes_among(server:requests())
      )
      assert.are.same({ "71", "71", "", "", "", "", "71", "71 75" }, companies_of { 11, 12, 13, 14, 15, 16, 17, 18 })
      local again = on_sandbox { "examples/link_companies.lua", "--write" }
      succeeds(again)
      has_lines(again.out, { "associated before          4", "associated                 0" })
    end)

    it("tells a row that HubSpot refuses, writes the others, and ends with 1", function()
      server:fault { kind = "multi_status", path = "/batch/associate/default$", indexes = { 2 } }
      local result = on_sandbox { "examples/link_companies.lua", "--write" }
      assert.are.equal(1, result.code)
      assert.matches("^contact 12, company 71: [^\n]+\n$", result.err)
      has_lines(result.out, { "associated                 2", "refused                    1" })
      assert.are.same({ "71", "", "71 75" }, companies_of { 11, 12, 18 })
    end)

    it("reads and writes many contacts by batches", function()
      server:reset { contacts = 2100, fixtures = { records = { companies = { company("71", "example.com") } } } }
      local result = on_sandbox { "examples/link_companies.lua", "--write" }
      succeeds(result)
      local batches = {}
      for _, request in ipairs(server:requests()) do
        local name = request.path:match "/crm/associations/2026%-09/contacts/companies/batch/(.*)$"
        if name then batches[#batches + 1] = name end
      end
      assert.are.same({ "read", "associate/default", "read", "associate/default" }, batches)
      assert.matches("\nassociated +1%d%d%d\n", result.out)
    end)

    it("ends with 1 and says how far it came where HubSpot fails", function()
      server:fault { kind = "status", status = 403, path = "/batch/associate/default$" }
      local result = on_sandbox { "examples/link_companies.lua", "--write" }
      assert.are.equal(1, result.code)
      assert.matches("^You do not have permissions", result.err)
      has_lines(result.out, { "associated                 0" })
    end)

    it(
      "says how it is called",
      function()
        fails_with("usage: link_companies.lua [--write]\n", on_sandbox { "examples/link_companies.lua", "all" })
      end
    )
  end)
end)
