-- The companies that the contenders in Lua write: function(kind, made, bad_of) gives so many, and those that are bad by
-- their index. For "upsert" they have a key.
return function(kind, made, bad_of)
  math.randomseed(1)
  local records, is_bad = {}, {}
  for index = 1, made do
    is_bad[index] = bad_of > 0 and math.random(bad_of) == 1
    records[index] = {
      account_number = kind == "upsert" and ("A%d"):format(index) or nil,
      properties = {
        name = ("Company %d"):format(index),
        domain = ("company%d.example.com"):format(index),
        address = ("%d Mill Lane"):format(index),
        address2 = "Second floor",
        annualrevenue = ("%d"):format(10000 * (index % 100)),
        city = "Utrecht",
        country = "Netherlands",
        description = "Head of procurement, region 7",
        founded_year = "1987",
        hs_lead_status = "IN_PROGRESS",
        industry = "COMPUTER_SOFTWARE",
        is_public = "false",
        lifecyclestage = "opportunity",
        numberofemployees = is_bad[index] and ("many %d"):format(index) or ("%d"):format(index % 500),
        phone = ("+31 20 %d"):format(index),
        state = "Utrecht",
        timezone = "Europe/Amsterdam",
        type = "PROSPECT",
        website = ("https://www.company%d.example.com/"):format(index),
        zip = ("%04d AB"):format(index % 10000),
      },
    }
  end
  return records, is_bad
end
