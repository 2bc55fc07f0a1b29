-- The part in C without libcurl: JSON, URLs, numbers, a clock, a locked file.

return require("hubspot.needs").native "hubspot.native"
