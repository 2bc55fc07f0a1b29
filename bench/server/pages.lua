-- The prepared records. A record's text is prepared but for its id, which is filled in where it stands: so a million
-- records need no more memory than a hundred, and every page still has strings that no page before it had.

local pages = {}

local SPACING = 50
local FIRST = 51

local GIVEN = { "Ada", "Bertil", "Chiara", "Dmitri", "Esther", "Fatima", "Goran", "Hanneke", "Imre", "Júlia" }
local FAMILY =
  { "Lovelace", "Ångström", "Rossi", "Wójcik", "O'Neill", "Haddad", "Petrović", "van Dijk", "Nagy", "Sousa" }
local TOWNS = { "Leeds", "Uppsala", "Torino", "Kraków", "Cork", "Beirut", "Novi Sad", "Utrecht", "Szeged", "Porto" }
local STAGES = { "subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer" }

-- Twenty, sorted as HubSpot sorts them. `#` is the contact's id; false is a property without a value.
local function properties_of(index)
  local given, family = GIVEN[index % 10 + 1], FAMILY[math.floor(index / 10) % 10 + 1]
  local stage, town = STAGES[index % 6 + 1], TOWNS[index % 7 + 1]
  return {
    { "address", "# Mill Lane" },
    { "annualrevenue", tostring(10000 * index) },
    { "city", town },
    { "company", family .. " & " .. given .. " Ltd" },
    { "country", index % 3 > 0 and "Netherlands" },
    { "createdate", ("2024-03-%02dT09:12:44.120Z"):format(index % 28 + 1) },
    { "email", "contact#@example.com" },
    { "fax", false },
    { "firstname", given },
    { "hs_analytics_source", index % 2 == 0 and "ORGANIC_SEARCH" or "DIRECT_TRAFFIC" },
    { "hs_lead_status", index % 4 > 0 and "IN_PROGRESS" },
    { "hs_object_id", "#" },
    { "jobtitle", "Head of procurement, region " .. index },
    { "lastmodifieddate", ("2026-09-%02dT17:40:02.733Z"):format(index % 28 + 1) },
    { "lastname", family },
    { "lifecyclestage", stage },
    { "notes_last_contacted", ("2026-08-%02dT08:00:00Z"):format(index % 28 + 1) },
    { "phone", "+31 20 #" },
    { "website", ("https://www.%s.example/%d"):format(stage, index) },
    { "zip", ("%04d AB"):format(1000 + 7 * index) },
  }
end

-- A company has as many.
local COMPANY_NAMES = { company = "description", email = "domain", firstname = "name", lastname = "owneremail" }

local function properties_of_company(index)
  local list = properties_of(index)
  for _, property in ipairs(list) do
    property[1] = COMPANY_NAMES[property[1]] or property[1]
    if property[1] == "domain" then property[2] = "company#.example.com" end
  end
  return list
end

local function text_of(properties, type_id)
  local values = {}
  for place, property in ipairs(properties) do
    values[place] = property[2] and ('"%s":"%s"'):format(property[1], property[2]) or ('"%s":null'):format(property[1])
  end
  return (
    '{"id":"#","properties":{%s},"createdAt":"2024-03-05T09:12:44.120Z",'
    .. '"updatedAt":"2026-09-12T17:40:02.733Z","archived":false,'
    .. '"url":"https://app.hubspot.com/contacts/99001/record/%s/#"}'
  ):format(table.concat(values, ","), type_id)
end

local function contact_text(index) return text_of(properties_of(index), "0-1") end

local function company_text(index) return text_of(properties_of_company(index), "0-2") end

local function v1_text(index)
  local values = {}
  for _, property in ipairs(properties_of(index)) do
    if property[2] then values[#values + 1] = ('"%s":{"value":"%s"}'):format(property[1], property[2]) end
  end
  return (
    '{"addedAt":1709629964120,"vid":#,"canonical-vid":#,"merged-vids":[],"portal-id":99001,"is-contact":true,'
    .. '"profile-url":"https://app.hubspot.com/contacts/99001/contact/#","properties":{%s},"form-submissions":[],'
    .. '"identity-profiles":[{"vid":#,"saved-at-timestamp":1709629964120,"deleted-changed-timestamp":0,"identities":['
    .. '{"type":"EMAIL","value":"contact#@example.com","timestamp":1709629964120,"is-primary":true}]}],'
    .. '"merge-audits":[]}'
  ):format(table.concat(values, ","))
end

-- The text in pieces, between which the id goes.
local function split(text)
  local pieces = {}
  for piece in (text .. "#"):gmatch "(.-)#" do
    pieces[#pieces + 1] = piece
  end
  return pieces
end

local function prepare(text_at)
  local prepared = {}
  for index = 0, 99 do
    prepared[index] = split(text_at(index))
  end
  return prepared
end

local TEMPLATES = { contacts = prepare(contact_text), companies = prepare(company_text), v1 = prepare(v1_text) }

--- The id of the record at a place, from 1.
function pages.id(place) return FIRST + SPACING * (place - 1) end

--- The place of the first record whose id is larger.
function pages.place_after(id)
  if id < FIRST then return 1 end
  return math.floor((id - FIRST) / SPACING) + 2
end

--- The place of an id, or nil where it has no record among `count`.
function pages.place(id, count)
  local place = (id - FIRST) / SPACING + 1
  if place >= 1 and place <= count and place % 1 == 0 then return place end
  return nil
end

--- Appends a record's text to a list of strings.
-- @treturn integer how many strings the list has
function pages.add(list, length, form, place)
  local pieces = TEMPLATES[form][place % 100]
  local id = tostring(pages.id(place))
  list[length + 1] = pieces[1]
  for index = 2, #pieces do
    list[length + 2 * index - 2] = id
    list[length + 2 * index - 1] = pieces[index]
  end
  return length + 2 * #pieces - 1
end

--- The records at these places, as JSON with commas between them.
function pages.text(form, places)
  local list, length = {}, 0
  for _, place in ipairs(places) do
    if length > 0 then
      length = length + 1
      list[length] = ","
    end
    length = pages.add(list, length, form, place)
  end
  return table.concat(list, "", 1, length)
end

return pages
