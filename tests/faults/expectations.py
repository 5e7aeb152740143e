"""What each fault does to each kind of request. Data only; `requests.py` and `faults.py` act.

A cell says how the request ends, and how many of it reached the service (where the token endpoint
fails: how many requests for a token did). Addresses that nobody can be reached at count 0.

    ok     it succeeds
    some   it succeeds with what can be read of the answer; the rest is unknown or ignored
    auth   the service refused the credentials: polls stop, Home Assistant asks for new ones
    deny   the service does not allow it
    none   the service does not know that, or has no data for it
    busy   the service asks for a pause
    down   the service is in trouble
    lost   the service could not be reached, or did not answer in time
    odd    something answers, but it is not the service
    lack   this server does not offer that (GridDuck's assumed endpoints only)

A request that a service refuses once, or fails once, is repeated as the contracts say: reads and
commands up to 3 times, what creates something never, and what is only assumed not before it has
answered once. Where something assumed refuses the credentials, the list of assets is asked whether
they are good. Every row was also asked again after the
fault was over, and succeeded: at once, or after the pause that the token endpoint asked for.
"""

from typing import Final

NOT_APPLICABLE: Final = {
    "-body": "a command is answered without a body, so nothing of one can be wrong or cut",
    "-json": "the file is CSV or ZIP, so there is no JSON in it",
    "-list": "there is no list in this answer",
    "-num": "there is no number in this answer",
    "-time": "there is no time in this answer",
    "-token": "no token goes with this request",
}

GRIDDUCK: Final = """
fault           | token  list   page   boost  snooze resume series submit status link   file
401 once        | some 3 ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   auth 1
401 for good    | auth 2 auth 2 auth 2 lack 2 deny 2 deny 2 lack 2 lack 2 lack 2 lack 2 auth 1
token ended     | -token ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   ok 2   -token
403             | deny 7 deny 1 deny 1 lack 1 deny 1 deny 1 lack 1 lack 1 lack 1 lack 1 deny 1
404             | odd 1  none 1 none 1 lack 1 none 1 none 1 lack 1 lack 1 lack 1 lack 1 none 1
408             | down 1 down 4 down 4 down 4 down 4 down 4 down 1 down 1 down 4 down 1 down 1
429 in seconds  | busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1
429 till a date | busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1
429 no time     | busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1
500 page        | down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1
502             | down 1 down 4 down 4 down 4 down 4 down 4 down 1 down 1 down 4 down 1 down 1
503             | down 1 down 4 down 4 down 4 down 4 down 4 down 1 down 1 down 4 down 1 down 1
503 in seconds  | down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1
504             | down 1 down 4 down 4 down 4 down 4 down 4 down 1 down 1 down 4 down 1 down 1
empty           | odd 1  odd 1  odd 1  ok 1   ok 1   ok 1   lack 1 lack 1 lack 1 lack 1 some 1
web page        | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 some 1
truncated       | odd 1  odd 1  odd 1  -body  -body  -body  lack 1 lack 1 lack 1 lack 1 some 1
wrong types     | ok 1   some 1 some 1 -body  -body  -body  lack 1 -num   -num   -num   -json
nulls           | ok 1   some 1 some 1 -body  -body  -body  lack 1 ok 1   some 1 lack 1 -json
NaN             | ok 1   some 1 some 1 -body  -body  -body  lack 1 -num   -num   -num   -json
10^400          | ok 1   some 1 some 1 -body  -body  -body  lack 1 -num   -num   -num   -json
duplicates      | -list  some 1 ok 1   -body  -body  -body  ok 1   -list  -list  -list  -json
50 MB           | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 some 1
header flood    | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 odd 1
gzip bomb       | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 some 1
other host      | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 odd 1
to http         | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 odd 1
redirect loop   | odd 1  odd 1  odd 1  lack 1 odd 1  odd 1  lack 1 lack 1 lack 1 lack 1 odd 1
late            | lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1
slow headers    | lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1 lost 1
slow body       | lost 1 lost 1 lost 1 -body  -body  -body  lost 1 lost 1 lost 1 lost 1 lost 1
cut midway      | lost 1 lost 2 lost 2 -body  -body  -body  lost 2 lost 1 lost 2 lost 1 lost 1
cut at once     | lost 1 lost 2 lost 2 lost 2 lost 2 lost 2 lost 2 lost 1 lost 2 lost 1 lost 2
closed port     | lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0
unknown name    | lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0
certificate     | lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0 lost 0
token 503       | down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 down 1 -token
token 429       | busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 busy 1 -token
token web page  | odd 1  odd 1  odd 1  odd 1  odd 1  odd 1  odd 1  odd 1  odd 1  odd 1  -token
no expires_in   | ok 2   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   -token
expires_in 0    | ok 2   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   ok 1   -token
clock behind    | -time  some 1 some 1 -body  -body  -body  some 1 -time  -time  -time  -json
clock ahead     | -time  some 1 some 1 -body  -body  -body  some 1 -time  -time  -time  -json
"""
"""Rows: 43 faults. Columns: the token; the first and a later page of the list; commands; telemetry;
a data request, how far it is, its link, and the file itself."""

HEIMDALL: Final = """
fault           | token  assets measurements forecasts history
401 once        | auth 1 ok 2   ok 2         ok 2      ok 2
401 for good    | auth 1 auth 2 deny 2       deny 2    deny 2
token ended     | -token ok 2   ok 2         ok 2      ok 2
403             | auth 1 deny 1 deny 1       deny 1    deny 1
404             | odd 1  none 1 none 1       none 1    none 1
408             | down 1 down 4 down 4       down 4    down 4
429 in seconds  | busy 1 busy 1 busy 1       busy 1    busy 1
429 till a date | busy 1 busy 1 busy 1       busy 1    busy 1
429 no time     | busy 1 busy 1 busy 1       busy 1    busy 1
500 page        | down 1 down 1 down 1       down 1    down 1
502             | down 1 down 4 down 4       down 4    down 4
503             | down 1 down 4 down 4       down 4    down 4
503 in seconds  | down 1 down 1 down 1       down 1    down 1
504             | down 1 down 4 down 4       down 4    down 4
empty           | odd 1  odd 1  odd 1        odd 1     odd 1
web page        | odd 1  odd 1  odd 1        odd 1     odd 1
truncated       | odd 1  odd 1  odd 1        odd 1     odd 1
wrong types     | ok 1   some 1 some 1       some 1    some 1
nulls           | ok 1   some 1 some 1       some 1    some 1
NaN             | ok 1   some 1 some 1       some 1    some 1
10^400          | ok 1   some 1 some 1       some 1    some 1
duplicates      | -list  some 1 some 1       some 1    some 1
50 MB           | odd 1  odd 1  odd 1        odd 1     odd 1
header flood    | odd 1  odd 1  odd 1        odd 1     odd 1
gzip bomb       | odd 1  odd 1  odd 1        odd 1     odd 1
other host      | odd 1  odd 1  odd 1        odd 1     odd 1
to http         | odd 1  odd 1  odd 1        odd 1     odd 1
redirect loop   | odd 1  odd 1  odd 1        odd 1     odd 1
late            | lost 1 lost 1 lost 1       lost 1    lost 1
slow headers    | lost 1 lost 1 lost 1       lost 1    lost 1
slow body       | lost 1 lost 1 lost 1       lost 1    lost 1
cut midway      | lost 1 lost 2 lost 2       lost 2    lost 2
cut at once     | lost 1 lost 2 lost 2       lost 2    lost 2
closed port     | lost 0 lost 0 lost 0       lost 0    lost 0
unknown name    | lost 0 lost 0 lost 0       lost 0    lost 0
certificate     | lost 0 lost 0 lost 0       lost 0    lost 0
token 503       | down 1 down 1 down 1       down 1    down 1
token 429       | busy 1 busy 1 busy 1       busy 1    busy 1
token web page  | odd 1  odd 1  odd 1        odd 1     odd 1
no expires_in   | ok 2   ok 1   ok 1         ok 1      ok 1
expires_in 0    | ok 2   ok 1   ok 1         ok 1      ok 1
clock behind    | -time  some 1 some 1       some 1    some 1
clock ahead     | -time  some 1 some 1       some 1    some 1
"""
"""Columns: the token; the assets; the 10 newest values, 4 forecasts and 8 histories of lines and
facilities, each of them asked."""

POLLS: Final = """
poll      | fault          | gone value   calls back failed recovered
list      | 401 for good   | 1    gone    2     user 1 0
list      | 403            | 3    gone    3     1    1 1
list      | 404            | 3    gone    3     1    1 1
list      | 429 in seconds | 5    gone    1     1    1 1
list      | 429 no time    | 3    gone    3     1    1 1
list      | 503            | 3    gone    12    1    1 1
list      | cut at once    | 3    gone    6     1    1 1
list      | web page       | 3    gone    3     1    1 1
list      | NaN            | -    unknown 12    1    0 0
list      | duplicates     | -    shown   6     0    0 0
list      | clock ahead    | -    shown   6     0    0 0
list      | token 429      | 5    gone    -     1    1 1
list      | token web page | 3    gone    -     1    1 1
newest    | 401 for good   | -    unknown 6     1    0 0
newest    | 404            | -    unknown 3     1    0 0
newest    | 429 in seconds | 5    gone    3     1    1 1
newest    | 503            | 3    gone    12    1    1 1
newest    | cut at once    | 3    gone    6     1    1 1
newest    | clock behind   | -    unknown 6     1    0 0
newest    | token 503      | 3    gone    -     1    1 1
current   | 403            | -    unknown 3     1    0 0
current   | 429 no time    | -    shown   6     0    0 0
current   | 500 page       | 3    gone    3     1    1 1
current   | web page       | 3    gone    3     1    1 1
current   | NaN            | -    unknown 6     1    0 0
forecasts | 403            | -    unknown 3     1    0 0
forecasts | 503            | 3    gone    12    1    1 1
forecasts | NaN            | -    unknown 1     6    0 0
forecasts | token 429      | 5    gone    -     1    1 1
assets    | 401 for good   | 1    gone    2     user 1 0
assets    | 403            | 3    gone    3     1    1 1
assets    | 429 in seconds | 5    gone    3     1    1 1
assets    | 503            | 3    gone    12    1    1 1
assets    | duplicates     | -    shown   1     0    0 0
"""
"""What a poll that goes on failing shows: the list of assets a minute; all newest values of all
lines every 5 minutes, or one product of one line; the forecasts and the assets, again after 5.

gone: after how many polls the sensor is unavailable. value: what it shows then, or after 6 polls.
calls: requests until then, of that sensor's own; "-" without a token. back: polls until there is a
value again once the fault is over; "user" where the user enters credentials. failed, recovered:
lines in the log."""

FORMS: Final = """
fault          | token list   token assets
401 for good   | auth  auth   auth  auth
403            | deny  deny   auth  deny
404            | odd   odd    odd   odd
408            | down  down   down  down
429 in seconds | busy  busy   busy  busy
500 page       | down  down   down  down
503            | down  down   down  down
empty          | odd   odd    odd   odd
web page       | odd   odd    odd   odd
truncated      | odd   odd    odd   odd
duplicates     | ok    ok     ok    ok
50 MB          | odd   odd    odd   odd
header flood   | odd   odd    odd   odd
gzip bomb      | odd   odd    odd   odd
other host     | odd   odd    odd   odd
redirect loop  | odd   odd    odd   odd
cut midway     | lost  lost   lost  lost
cut at once    | lost  lost   lost  lost
closed port    | lost  lost   lost  lost
unknown name   | lost  lost   lost  lost
certificate    | lost  lost   lost  lost
"""
"""What the form says when an account is added: GridDuck's token and list, Heimdall's token and
assets. The words are those of the first table; "ok" is that nothing hinders the account."""

ACTIONS: Final = """
fault          | boost snooze telemetry submit link file measure forecast history
401 for good   | auth  auth   lack      lack   lack download_link_refused nodata nodata nodata
403            | lack  deny   lack      lack   lack download_link_refused nodata nodata nodata
404            | lack  none   lack      lack   lack download_link_refused nodata nodata nodata
429 in seconds | busy  busy   busy      busy   busy busy busy busy busy
500 page       | down  down   down      down   down down down down down
web page       | lack  odd    lack      lack   lack odd  odd  odd  odd
truncated      | ok    ok     lack      lack   lack odd  odd  odd  odd
cut at once    | lost  lost   lost      lost   lost lost lost lost lost
token 503      | down  down   down      down   down down down down down
token 429      | busy  busy   busy      busy   busy busy busy busy busy
"""
"""What an action answers. "nodata": the answer names what there is no data for."""

REPORTED: Final = {
    "auth": "The service refused the credentials. Open the integration and enter current ones",
    "deny": "The service does not allow that with these credentials. 127.0.0.1 does not allow this",
    "none": "The service does not know that, or has no data for it",
    "busy": "The service asks for a pause, as there were too many requests. Try again in ",
    "down": "The service is in trouble. 127.0.0.1 failed (50",
    "lost": "The service could not be reached. The connection to 127.0.0.1 was cut",
    "odd": "The service gave an answer that cannot be used. The ",
    "lack": "This server does not offer that. This GridDuck server does not offer ",
    "download_link_refused": "GridDuck gave a link that no longer works. Try the download again",
}
"""How each sentence begins that a user reads."""

REPORTED_OF_COMMANDS: Final = {
    "auth": "GridDuck refused the credentials, so ",
    "deny": "GridDuck does not let this account control ",
    "none": "GridDuck does not know ",
    "busy": "GridDuck asks for a pause before it controls ",
    "down": "GridDuck is in trouble, so ",
    "lost": "GridDuck could not be reached, so ",
    "odd": "GridDuck gave an answer for ",
    "lack": "GridDuck does not offer this for ",
}
"""As `REPORTED`, for commands, which name their asset."""

TOKEN_REFUSALS: Final = (
    (400, "invalid_client", "auth", "auth"),
    (401, "invalid_client", "auth", "auth"),
    (400, "unauthorized_client", "auth", "auth"),
    (400, "invalid_scope", "deny", "deny"),
    (401, "invalid_scope", "deny", "deny"),
    (400, "invalid_request", "deny", "auth"),
    (400, "", "deny", "auth"),
    (401, "", "auth", "auth"),
    (403, "", "deny", "auth"),
    (404, "invalid_client", "odd", "odd"),
    (405, "", "odd", "odd"),
    (418, "", "odd", "odd"),
    (408, "", "down", "down"),
)
"""Status and OAuth error code of a token endpoint, and what that means of GridDuck and of Heimdall.

Where the code names no culprit, GridDuck's 400 and 403 refuse the scope; Heimdall has but one."""
