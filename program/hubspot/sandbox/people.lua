--- Made-up people: the same seed gives the same contacts, whatever the Lua.
local people = {}

local FIRST = {
  "Ada",
  "Alan",
  "Amira",
  "Björn",
  "Chiara",
  "Dmitri",
  "Elena",
  "Emeka",
  "Fatima",
  "Grace",
  "Hana",
  "Ivan",
  "Jana",
  "José",
  "Katherine",
  "Lars",
  "Linus",
  "Mei",
  "Nadia",
  "Noor",
  "Olga",
  "Paulo",
  "Priya",
  "Ravi",
  "Rosa",
  "Sigrún",
  "Sofia",
  "Tariq",
  "Uma",
  "Yuki",
  "Zoë",
  "Łukasz",
}
local LAST = {
  "Almeida",
  "Andersen",
  "Baker",
  "Chen",
  "D'Angelo",
  "Dubois",
  "Eriksen",
  "Fernández",
  "García",
  "Hopper",
  "Ito",
  "Jansen",
  "Kowalski",
  "Kumar",
  "Lindqvist",
  "Lovelace",
  "Müller",
  "Nakamura",
  "Novák",
  "O'Brien",
  "Okafor",
  "Petrov",
  "Quist",
  "Rossi",
  "Schmidt",
  "Silva",
  "Smith-Jones",
  "Tanaka",
  "Turing",
  "Vargas",
  "Weber",
  "Žižek",
}
local COMPANIES = {
  "Acme",
  "Babbage & Sons",
  "Cobalt Labs",
  "Delta Freight",
  "Evergreen Foods",
  "Foxglove Media",
  "Granite Tools",
  "Harbor Health",
  "Initech",
  "Juniper Travel",
  "Kestrel Energy",
  "Lumen Optics",
}
local PLACES = {
  { "Berlin", "", "Germany", "10115" },
  { "Lyon", "Rhône", "France", "69001" },
  { "Boston", "MA", "USA", "02116" },
  { "Austin", "TX", "USA", "73301" },
  { "Dublin", "Leinster", "Ireland", "D02" },
  { "Kraków", "", "Poland", "31-001" },
  { "São Paulo", "SP", "Brazil", "01000-000" },
  { "Kyoto", "", "Japan", "600-8001" },
  { "Pune", "MH", "India", "411001" },
}
local JOBS = { "Buyer", "CEO", "Designer", "Engineer", "Head of Marketing", "Nurse", "Operations Manager", "Teacher" }
local STAGES =
  { "subscriber", "lead", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "other" }
local SOURCES = { "ORGANIC_SEARCH", "EMAIL_MARKETING", "REFERRALS", "DIRECT_TRAFFIC", "OFFLINE" }
local TIERS = { "a", "b", "c" }
local INTERESTS = { "newsletter", "webinars", "newsletter;training" }

local random_metatable = {
  __name = "hubspot.sandbox.Random",
  __call = function(self, limit)
    self.state = (self.state * 16807) % 2147483647
    return math.floor(self.state / 2147483647 * limit) + 1
  end,
}

--- The generator of Park and Miller: its products fit a double, so every Lua gives the same numbers. It is called with
-- the largest number that is wanted, and is a table, so that an export can keep its state.
function people.random(seed) return setmetatable({ state = math.floor(seed) % 2147483646 + 1 }, random_metatable) end

local ASCII = {
  ["ö"] = "o",
  ["é"] = "e",
  ["ú"] = "u",
  ["ë"] = "e",
  ["Ł"] = "l",
  ["á"] = "a",
  ["í"] = "i",
  ["ü"] = "u",
  ["Ž"] = "z",
  ["ž"] = "z",
}

local plain_names = {}

local function plain(name)
  local known = plain_names[name]
  if not known then
    known = name:gsub("[\195-\197][\128-\191]", ASCII):gsub("[^%a-]", ""):lower()
    plain_names[name] = known
  end
  return known
end

local function pick(random, values) return values[random(#values)] end

-- The usual way of a contact; whoever is at one of these stages came through those before it.
local JOURNEY = { "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer" }

local function stages_before(stage)
  for index, name in ipairs(JOURNEY) do
    if name == stage then return index - 1 end
  end
  return 0
end

--- Adds the moments (ms) at which a person entered the lifecycle stages, evenly from `first` to `last`.
function people.finish(values, first, last)
  local earlier = last > first and stages_before(values.lifecyclestage) or 0
  for index = 1, earlier do
    local entered = first + (last - first) * (index - 1) / earlier
    values["hs_lifecyclestage_" .. JOURNEY[index] .. "_date"] = string.format("%.0f", math.floor(entered))
  end
  local entered = earlier > 0 and last or first
  values["hs_lifecyclestage_" .. values.lifecyclestage .. "_date"] = string.format("%.0f", entered)
end

--- The properties of the person with this number.
function people.make(random, number)
  local first, last, company = pick(random, FIRST), pick(random, LAST), pick(random, COMPANIES)
  local place, stage = pick(random, PLACES), pick(random, STAGES)
  local values = {
    firstname = first,
    lastname = last,
    company = company,
    jobtitle = pick(random, JOBS),
    city = place[1],
    country = place[3],
    zip = place[4],
    lifecyclestage = stage,
    hs_analytics_source = pick(random, SOURCES),
  }
  if place[2] ~= "" then values.state = place[2] end
  if random(50) ~= 1 then
    local tag = random(40) == 1 and "+news" or ""
    values.email =
      string.format("%s.%s.%d%s@example.%s", plain(first), plain(last), number, tag, number % 3 == 0 and "org" or "com")
  end
  if random(3) == 1 then values.phone = string.format("+1 555 %03d %04d", random(900) + 99, random(9000) + 999) end
  if random(2) == 1 then
    values.lead_score = tostring(random(100))
    values.lead_tier = pick(random, TIERS)
  end
  if random(4) == 1 then
    values.newsletter_consent = random(2) == 1 and "true" or "false"
    values.interests = pick(random, INTERESTS)
  end
  return values
end

return people
