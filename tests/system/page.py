"""The pages of skillsearch-http without JavaScript: forms, links, one URL per state, counts, and hostile texts."""

import json
import os
import pathlib
import re
import signal
import sys
import tempfile
import urllib.parse

from between import Between
from document import Document
from gateway import Gateway, run_checks
from peer import Daemon, Peer, Port, index
from variables import variable

CORPUS = variable("SKS_CORPUS")
LEVELS = ["emerging", "developing", "proficient", "advanced"]
MAIL = "43-9051.00"
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
          "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"}
# Texts that are markup, end an attribute, contain control characters, or change the direction of the text after them.
HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "</title></textarea>",
           "javascript:alert(1)", "&lt;b&gt; &amp; &#60;i&#62;", "a\x01b\x1bc\x7f", "\u202eright to left\u202c \u2067isolated",
           "{{7*7}} ${7*7} %s%n%d", "<!-- x --> <?php ?> ]]>", "\ufffe\U0001ffff end", "\u200fmark\u200e"]


class Browser:
    """Follows redirects, and reads every page strictly."""

    def __init__(self, gateway):
        self.gateway, self.faults, self.seen, self.steps = gateway, [], 0, 0

    def open(self, target, **more):
        self.steps = 0
        while True:
            status, self.headers, body = self.gateway.get(target, **more)
            if status != 303:
                break
            self.steps += 1
            target, more = self.headers["location"], {}
        self.target, self.status = target, status
        self.page = Document(body)
        self.root = self.page.root
        self.seen += 1
        self.faults += [(target, fault) for fault in self.page.faults]
        wrong = [name for name, value in [("content-type", "text/html; charset=utf-8"), ("x-content-type-options", "nosniff"),
                                          ("referrer-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin")]
                 if self.headers.get(name) != value]
        if wrong or set(self.headers.get("content-security-policy", "").split("; ")) != POLICY:
            self.faults.append((target, "headers", self.headers))
        return self

    def count(self):
        return self.root.one("h1").text()

    def total(self):
        return int(re.match(r"[\d,]+", self.count())[0].replace(",", ""))

    def facet(self, name):
        """The value, label, count and state of each check box."""
        return [(box["value"], label.one("span", class_="l").text(),
                 int(label.one("span", class_="c").text().split()[0].replace(",", "")), "checked" in box.attributes)
                for box in self.root.all("input", type="checkbox", name=name)
                for label in self.root.all("label", for_=box["id"])]

    def follow(self, text, within=None):
        for link in (within or self.root).all("a"):
            if link.text().startswith(text):
                return self.open(link["href"])
        raise AssertionError(f"no link {text} in {self.target}")


def same_terms(target, **wanted):
    pairs = urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query)
    return pairs == sorted((name, value) for name, values in wanted.items() for value in [values, ] if value)


def check_first_page(check, browser, peer):
    browser.open("/")
    check.that("the first page counts all statements", browser.total() == peer.total(), browser.count())
    tried = [link["href"] for link in browser.root.one("section", class_="welcome").all("a")]
    found = [(target, browser.open(target).status) for target in tried]
    check.that("all links of the first page work", len(found) >= 10 and {status for _, status in found} == {200}, found)
    searches = [target for target in tried if target.startswith("/?q")]
    check.that("the searches suggested on the first page find something", all(browser.open(target).total() for target in searches), searches)


def check_search(check, browser, peer):
    browser.open("/")
    browser.open(browser.page.send(browser.root.one("form", id="search"), q="incoming mail"))
    wanted = peer.ask(q="incoming mail", facets=["level", "sector", "zone", "version"])
    check.that("a form without script searches", browser.total() == wanted["total"] and "incoming mail" in browser.count())
    check.that("a form without script leads to the canonical URL", browser.target == "/?q=incoming+mail", browser.target)
    check.that("the title has the total and the query", browser.root.one("title").text().startswith(f"{wanted['total']} statements for incoming"))
    hits = browser.root.one("ol", class_="hits").all("li")
    check.that("the hits equal those of the protocol", [hit.one("p", class_="text").text() for hit in hits]
               == [hit["text"] for hit in wanted["hits"]])
    marks = [[mark.text() for mark in hit.all("mark")] for hit in hits]
    check.that("the spans of hits are marked", marks == [[hit["text"].encode()[a:b].decode() for a, b in hit["spans"]]
                                                   for hit in wanted["hits"]], marks)
    check.that("each hit shows its level and occupation", [(hit.one("span", class_="level").text().split()[-1].lower(),
                                                       hit.one("bdi").text()) for hit in hits]
               == [(hit["level"], hit["occupation"]) for hit in wanted["hits"]])
    check.that("levels are in their natural order", [value for value, *_ in browser.facet("level")] == LEVELS)
    for name in ("level", "sector", "zone", "version"):
        got = {value: count for value, _, count, _ in browser.facet(name) if count}
        check.that(f"counts of {name} are exact", got == {v["value"]: v["count"] for v in wanted["facets"][name]}, got)
    browser.open("/?q=" + urllib.parse.quote("\"incoming mail\" bundle"))
    got = [(value, count) for value, _, count, _ in browser.facet("level")]
    check.that("a level without a match is shown with 0", len(got) == 4 and 0 in [count for _, count in got], got)


def check_filters(check, browser, peer):
    browser.open("/?q=mail")
    form = browser.root.one("form", id="search")
    browser.open(browser.page.send(form, tick=("level-emerging", "level-advanced", "occupation-43-")))
    check.that("boxes filter without script", browser.target == "/?level=advanced&level=emerging&occupation=43-&q=mail", browser.target)
    filters = {"level": ["advanced", "emerging"], "occupation": ["43-"]}
    check.that("a filtered page has the total of the protocol", browser.total() == peer.total(q="mail", filter=filters), browser.count())
    check.that("the number of chosen values is shown as text",
               [part.text() for part in browser.root.all("span", class_="n")] == ["— 2 chosen", "— 1 chosen"])
    check.that("counts of a facet ignore its own filter",
               all(count == peer.total(q="mail", filter={**filters, "level": [value]}) for value, _, count, _ in browser.facet("level")))
    chips = [chip.text() for chip in browser.root.one("ul", class_="chips").all("a")]
    check.that("each chosen value is a link that says what it removes", chips == [
        "Remove filter Level: Advanced ✕", "Remove filter Level: Emerging ✕",
        "Remove filter Occupation: Office & Administrative Support ✕"], chips)
    browser.follow("Remove filter Level: Advanced")
    check.that("the link of a chosen value removes only that value", browser.target == "/?level=emerging&occupation=43-&q=mail", browser.target)
    before = browser.target
    browser.open(browser.page.send(browser.root.one("form", id="search")))
    check.that("an unchanged form leads to the same URL", browser.target == before, browser.target)
    browser.follow("Clear all filters")
    check.that("one link removes all filters", browser.target == "/?q=mail", browser.target)
    for target in ("/?group=43&q=mail", "/?occupation=43-90&q=mail", "/?occupation=43-9051.00&occupation=99-9999.00&zone=2"):
        browser.open(target)
        browser.open(browser.page.send(browser.root.one("form", id="search")))
        check.that(f"the form keeps all of {target}", browser.target == target, browser.target)
    browser.open("/?q=mail")
    browser.open(browser.page.send(browser.root.one("form", id="search"), tick=("version-sample-1",)))
    check.that("versions of the framework filter", browser.target == "/?q=mail&version=sample-1"
               and browser.total() == peer.total(q="mail", filter={"version": ["sample-1"]}) and browser.facet("version")[0][3], browser.target)
    check.that("a version filter has a link that removes it", [chip.text() for chip in browser.root.one("ul", class_="chips").all("a")]
               == ["Remove filter Version: sample-1 ✕"])
    items = [item.text() for item in browser.open("/?q=mail&version=v1").root.one("ul", class_="removals").all("li")]
    check.that("a version that finds nothing can be removed", items == [f"without the filter Version: {peer.total(q='mail')} statements"], items)
    check.that("all versions have a page", [value for value, *_ in browser.open("/facet/version").facet("version")] == ["sample-1"])
    browser.open("/?q=mail&sort=level")
    levels = [part.text().split()[-1].lower() for part in browser.root.all("span", class_="level")]
    check.that("the chosen order is applied", levels == sorted(levels, key=LEVELS.index) and len(set(levels)) > 1, levels)


def check_state(check, browser):
    for asked, wanted in [
            ("/?q=mail&sort=relevance&page=1", "/?q=mail"), ("/?sector=&q=mail", "/?q=mail"),
            ("/?level=emerging&level=advanced&level=emerging", "/?level=advanced&level=emerging"),
            ("/?q=mail&utm_source=x&fbclid=y", "/?q=mail&utm_source=x&fbclid=y"), ("/?page=0", "/"), ("/?page=-3", "/"),
            ("/?q=mail&q=clerk", "/?q=clerk"), ("/?page=2&page=3&q=mail", "/?page=2&q=mail"),
            ("/similar?statement=y&statement=x", "/similar?statement=x"), ("/crosswalk?left=b&left=a", "/crosswalk?left=a"),
            ("/?page=1001&q=mail", "/?q=mail"), ("/?q=a&sort=nonsense", "/?q=a"), ("/?q=", "/"),
            ("/?q=mail&level=advanced", "/?level=advanced&q=mail"), ("/?q=%C3%A9+%26+%2B", "/?q=%C3%A9+%26+%2B")]:
        browser.open(asked)
        check.that(f"{asked} redirects to {wanted}", browser.target == wanted and browser.status in (200, 400, 404), browser.target, browser.status)
    browser.open("/?q=mail")
    total, first = browser.total(), browser.root.one("ol", class_="hits").text()
    browser.follow("Next page")
    check.that("the next page has its URL", browser.target == "/?page=2&q=mail", browser.target)
    check.that("the numbers continue on the next page", browser.root.one("ol", class_="hits")["start"] == "11" and browser.total() == total)
    check.that("the title names the page number", "page 2" in browser.root.one("title").text())
    check.that("the page is marked as the current one", browser.root.one("li", aria_current="page").text() == "Page 2 of 2")
    browser.follow("Previous page")
    check.that("the link to the previous page leads to the first URL", browser.target == "/?q=mail" and browser.root.one("ol", class_="hits").text() == first)
    browser.open("/?page=900&q=mail").follow("Go to the first page")
    check.that("a page beyond the last one links to the first", browser.target == "/?q=mail", browser.target)
    status, _, body = browser.gateway.get("/?" + "&".join(f"level=x{i:03}" for i in range(400)))
    check.that("too many terms are refused", status == 400 and not Document(body).faults, status)


def check_reading(check, browser, peer):
    browser.open("/?q=incomming+mial")
    suggestion = peer.ask(q="incomming mial")["suggestion"]
    link = browser.root.one("p", class_="suggestion")
    check.that("a spelling is suggested with its number of statements", suggestion["query"] in link.text() and f"({suggestion['count']} statement" in link.text())
    check.that("and followed", browser.follow(suggestion["query"]).total() == suggestion["count"], browser.count())
    browser.open("/?q=the+mail+zzqqx")
    notes = [note.text() for note in browser.root.all("p", class_="note")]
    check.that("words that no statement has are named", "No statement contains: zzqqx" in notes, notes)
    check.that("words that are ignored are named", any(note.startswith("Ignored") and "the" in note for note in notes), notes)
    for query, word in (("mail (route", "(route"), ("sort mail, but NOT limited to mail", "NOT"), ("dose AND zzqqx", None), ("sector:finance", None)):
        reply = peer.ask(q=query)
        notes = [note.text() for note in browser.open("/?q=" + urllib.parse.quote_plus(query)).root.all("p", class_="note")]
        lines = [f"“{word}”: {note['text']}." if word else note["text"][0].upper() + note["text"][1:] + "." for note in reply["notes"]]
        check.that(f"notes quote the word that they are about: {query}", lines and set(lines) <= set(notes), notes, reply)
    browser.open("/?q=dose+AND+zzqqx")
    check.that("operators that find nothing are offered as words", browser.root.one("p", class_="suggestion").text().startswith("Did you mean dose and zzqqx? ("))
    notes = [note.text() for note in browser.open("/?q=mail&sector=99").root.all("p", class_="note")]
    check.that("notes on values are sentences", "No statement has sector 99." in notes, notes)
    notes = [note.text() for note in browser.open("/?q=mail&sector=finance").root.all("p", class_="note")]
    check.that("a name for a sector is a value that no statement has", browser.status == 200 and "No statement has sector finance." in notes, notes)
    for value in ("level=novice", "group=office", "occupation=clerk", "zone=9"):
        check.that(f"a value that is no code is an error: {value}", browser.open(f"/?q=mail&{value}").status == 400, browser.status)
    reply = peer.ask(q="kids trash")
    read_as = {}
    for near in reply["near"]:
        read_as.setdefault(near["term"], []).append(near["word"])
    line = "Also read as: " + "; ".join(f"{term} ~ {', '.join(words)}" for term, words in read_as.items())
    notes = [note.text() for note in browser.open("/?q=kids+trash").root.all("p", class_="note")]
    check.that("a page says when no statement has a word of the query", notes[0] == "No statement contains all of the words. These contain some of them, "
               "or words of similar meaning.", notes)
    said = [hit.text().endswith("Found by words of similar meaning") for hit in browser.root.one("ol", class_="hits").all("li")]
    check.that("a statement without a word of the query says how it was found", said == [hit.get("by") == "meaning" for hit in reply["hits"]]
               and True in said, said)
    check.that("near words that were used are listed in one line", set(read_as) == {"kids", "trash"} and line in notes, notes, line)
    reply = peer.ask(q="incoming mail")
    notes = [note.text() for note in browser.open("/?q=incoming+mail").root.all("p", class_="note")]
    check.that("a page says when statements without all words are shown", reply["relaxed"] and any(note.startswith(f"{reply['matched_all']} statements contain all") for note in notes), notes)
    for query, chosen, matched, said in (
            ("warfarin dose check before", {"level": "developing", "occupation": "29-1051.00"}, (1, 0), "No statement contains all of the words. This one contains some of them"),
            ("warfarin dose check before", {"occupation": "33-2011.00"}, (2, 0), "No statement contains all of the words. These contain some of them"),
            ("incoming mail", {"level": "developing", "occupation": "43-4051.00"}, (2, 1), "1 statement contains all of the words. The other contains some of them"),
            ("incoming mail", {"occupation": "43-4051.00"}, (3, 2), "2 statements contain all of the words. The other contains some of them"),
            ("incoming mail", {"level": "advanced", "occupation": "43-4051.00"}, (1, 1), None)):
        reply = peer.ask(q=query, filter={name: [value] for name, value in chosen.items()})
        notes = [note.text() for note in browser.open("/?" + urllib.parse.urlencode({"q": query, **chosen})).root.all("p", class_="note")]
        check.that(f"{matched[1]} of {matched[0]} statements with all words: {said}", reply["relaxed"] and (reply["total"], reply["matched_all"]) == matched
                   and (any(note.startswith(said) for note in notes) if said else not any("contain" in note for note in notes)), reply, notes)


def check_errors(check, browser):
    browser.open("/?level=advanced&q=mail+AND")
    check.that("a query error has status 400", browser.status == 400)
    box = browser.root.one("input", id="q")
    check.that("the search box is marked invalid and refers to the message", box["aria-invalid"] == "true" and "q-error" in box["aria-describedby"]
               and browser.root.one("p", id="q-error").text() == "AND needs a word after it.")
    check.that("the place of a query error is marked", browser.root.one("pre").text() == "mail AND" and browser.root.one("b").text() == "AND"[0],
               browser.root.one("b").text())
    check.that("a query error keeps the filters", browser.page.send(browser.root.one("form", id="search"), q="x") == "/?q=x&level=advanced")
    browser.open("/?q=" + urllib.parse.quote("é (" + "x AND ("))
    check.that("an error at the end of the query is marked with a box", browser.status in (200, 400))
    browser.open("/?level=novice&q=mail")
    check.that("the search box is not marked invalid because of a filter", not browser.root.one("input", id="q")["aria-invalid"])
    check.that("an unknown facet value has status 400", browser.status == 400 and "novice" in browser.root.one("main").text() + browser.target)
    check.that("the message about an unknown value does not show the request", "/requests" not in browser.root.one("main").text(), browser.root.one("main").text())
    check.that("the page about an unknown value links to a search without filters", browser.follow("Search without filters").total() > 0)
    browser.open("/?q=" + "x" * 2049)
    check.that("a query that is too long has status 400", browser.status == 400, browser.status)
    said = browser.root.one("p", class_="error").text()
    check.that("the page about a long query states the limit", said == "The query: at most 2048 bytes.", said)
    browser.open("/?q=%FF%FE")
    check.that("a query that is not UTF-8 has status 400", browser.status == 400, browser.status, browser.root.text())
    for target, status in [("/occupation/99-9999.00", 404), ("/occupation/", 404), ("/facet/nothing", 404), ("/asset/0-page.css", 404),
                           ("/similar?statement=none", 404), ("/crosswalk?left=99-9999.00&right=43-9051.00", 404)]:
        browser.open(target)
        check.that(f"{target} is a page with {status}", browser.status == status, browser.status)
    status, headers, body = browser.gateway.get("/nothing", Accept="text/html,*/*")
    check.that("a browser gets a page for an unknown path", status == 404 and headers["content-type"].startswith("text/html")
               and not Document(body).faults)
    check.that("other clients get JSON for an unknown path", browser.gateway.get("/nothing")[1]["content-type"] == "application/problem+json")
    browser.open("/", method="POST", body=b"x")
    check.that("a browser gets a page for a wrong method", browser.status == 405 and browser.headers["allow"] == "GET, HEAD, OPTIONS")


def check_nothing(check, browser, peer):
    browser.open("/?level=advanced&q=mail&sector=11")
    items = [(item.text(), item.one("a")["href"]) for item in browser.root.one("ul", class_="removals").all("li")]
    check.that("a page without hits suggests which filter to remove", [text for text, _ in items] == [
        f"without the filter Sector: {peer.total(q='mail', filter={'level': ['advanced']})} statements",
        f"without any filter: {peer.total(q='mail')} statements"], items)
    check.that("each suggestion has the number of statements that it finds", all(f"{browser.open(target).total()} statement" in text for text, target in items))
    browser.open("/?q=" + urllib.parse.quote_plus('"purple mail" route'))
    items = [item.text() for item in browser.root.all("li") if item.text().startswith("without")]
    check.that("a page without hits suggests which word or quotation marks to remove", browser.total() == 0 and any("quotation marks" in item for item in items)
               and any('"purple mail"' in item for item in items), items, browser.count())
    browser.open("/?q=zzqqxx")
    check.that("a page without hits and filters says what else to try", browser.total() == 0 and "Try fewer" in browser.root.one("main").text())


def check_chart(check, browser, peer):
    for target, asked in [("/?q=train", {"q": "train"}), ("/?level=emerging&level=proficient&q=train",
                                                         {"q": "train", "filter": {"level": ["emerging", "proficient"]}}),
                          ("/?group=43&q=train", {"q": "train", "filter": {"group": ["43"]}})]:
        browser.open(target)
        rows = [[cell.text() for cell in row.all("th", "td")] for row in browser.root.one("section").one("tbody").all("tr")]
        wrong = []
        for label, *counts in rows:
            for level, count in zip(LEVELS, counts):
                filters = {**asked.get("filter", {})}
                chosen = filters.get("level", LEVELS)
                values = peer.ask(q=asked["q"], limit=0, filter={**filters, "level": [level]}, facets=["group"])["facets"]["group"]
                known = {value["label"]: value["count"] for value in values}
                if int(count) != (known.get(label, 0) if level in chosen else 0):
                    wrong.append((label, level, count))
        sum_of_all = sum(int(count) for _, *counts in rows for count in counts)
        check.that(f"the chart of {target} has exact counts", rows and not wrong, wrong, rows)
        check.that(f"the counts of the chart add up to the total of {target}", sum_of_all == browser.total() or len(rows) == 6, sum_of_all, browser.count())
        picture = browser.root.one("svg", role="img")
        check.that("the text alternative of the chart has the same counts", all(f"{LEVELS[i].title()} {count}" in picture.one("title").text()
                                                            for _, *counts in rows for i, count in enumerate(counts)))


def check_values(check, browser, peer):
    wanted = peer.ask("facet_values", q="train", facet={"name": "occupation", "limit": 300})["facet"]
    browser.open("/?q=train").follow(f"All {wanted['distinct']} occupations")
    check.that("a page lists all values of a facet", {value: count for value, _, count, _ in browser.facet("occupation")}
               == {value["value"]: value["count"] for value in wanted["values"]})
    form = [one for one in browser.root.all("form") if one.one("input", id="find")["id"]][0]
    browser.open(browser.page.send(form, find="clean"))
    check.that("the list of values can be searched", browser.target == "/facet/occupation?find=clean&q=train", browser.target)
    check.that("values are found by a part of their name", [label for _, label, *_ in browser.facet("occupation")]
               == [value["label"] for value in peer.ask("facet_values", q="train", facet={"name": "occupation", "find": "clean"})["facet"]["values"]])
    boxes = [one for one in browser.root.all("form") if one["class"] == "filters"][0]
    value = browser.facet("occupation")[0][0]
    browser.open(browser.page.send(boxes, tick=(f"occupation-{value}",)))
    check.that("values of the list can be chosen", browser.target == f"/?occupation={value}&q=train", browser.target)
    one = '/?q=' + urllib.parse.quote_plus('"incoming mail" bundle')
    shown = [link.text() for link in browser.open(one).root.all("a") if link["href"].startswith("/facet/occupation?")]
    check.that("the link to the only occupation is in the singular", shown == ["1 occupation"], shown)
    browser.open("/facet/occupation?find=zzz&occupation=43-&occupation=29-1051.00&level=advanced&q=train")
    boxes = [one for one in browser.root.all("form") if one["class"] == "filters"][0]
    browser.open(browser.page.send(boxes))
    check.that("the list of values keeps earlier choices", browser.target == "/?level=advanced&occupation=29-1051.00&occupation=43-&q=train", browser.target)


def check_occupation(check, browser, peer):
    browser.open(f"/occupation/{MAIL}")
    wanted = peer.ask("compare", occupation=MAIL)
    rows = [[" ".join(cell.text().replace("(loosely related)", "").split()) for cell in row.all("th", "td")] for row in browser.root.one("tbody").all("tr")]
    check.that("the level view is a table with one row per duty", rows == [
        [row["duty"] or "(no duty named)"] + [row["levels"][level]["text"] if row["levels"][level] else "none" for level in LEVELS]
        for row in wanted["rows"]])
    record = peer.ask("occupation", occupation=MAIL)
    outcome = {term.text(): value.text() for term, value in zip(browser.root.all("dt"), browser.root.all("dd"))}
    check.that("the level view describes the occupation and names its sources",
               outcome.get("About") == record["description"] and outcome.get("Sector") == record["sector"]["label"]
               and all(part in outcome["Source"] for part in (record["attribution"], record["framework"]["version"], record["exported_at"][:10],
                                                           record["sources"][0]["text"])), outcome)
    check.that("the first six digits of a code are accepted", browser.open(f"/occupation/{MAIL[:7]}").status == 200 and MAIL in browser.count())
    loose = sum(0 < (one or {}).get("likeness", 0) < .15 for row in wanted["rows"] for one in row["levels"].values())
    check.that("rows joined by weak likeness are marked", loose and browser.root.one("table").text().count("(loosely related)") == loose)
    form = [one for one in browser.root.all("form") if one.one("input", id="duty")["id"]][0]
    browser.open(browser.page.send(form, tick=("words",), duty="misaddressed"))
    check.that("the level view accepts words of a duty, and shows words gained and lost", browser.target == f"/occupation/{MAIL}?duty=misaddressed&words=1"
               and "Gained: New mail clerks" in browser.root.one("table").text(), browser.target)
    browser.follow("Search in its statements")
    check.that("the level view links to a search in its statements", browser.total() == peer.total(filter={"occupation": [MAIL]}))


def check_sources(check, browser, peer):
    for target in ("/?q=incoming+mail", "/crosswalk?left=25-2021.00&right=47-2111.00",
                   "/similar?statement=" + urllib.parse.quote_plus(peer.ask(q="mail", limit=1)["hits"][0]["id"])):
        browser.open(target)
        outcome = browser.root.one("section", class_="source").text()
        titles = {link.one("bdi").text() for link in browser.root.one("main").all("a") if link["href"].startswith("/occupation/")}
        records = [peer.ask("occupation", occupation=link["href"].rsplit("/", 1)[1]) for link in browser.root.one("main").all("a")
                   if link["href"].startswith("/occupation/")]
        check.that(f"{target[:12]} names version, date, sources and attribution of its statements", titles and records and all(
            part in outcome for record in records
            for part in (record["title"], record["attribution"], record["framework"]["version"], record["exported_at"][:10])), outcome)


def check_others(check, browser, peer):
    one = peer.ask(q="incoming mail", limit=1)["hits"][0]
    browser.open("/?q=incoming+mail").follow("Similar statements to")
    wanted = [hit["text"] for hit in peer.ask("similar", statement=one["id"], limit=20)["hits"]]
    check.that("a statement links to similar ones", [hit.one("p", class_="text").text() for hit in
                                                     browser.root.one("ol", class_="hits").all("li")] == wanted)
    browser.open("/crosswalk")
    form = [form for form in browser.root.all("form") if form["action"] == "/crosswalk"][0]
    browser.open(browser.page.send(form, left="elementary", right="electrician"))
    pairs = peer.ask("crosswalk", occupations=["25-2021.00", "47-2111.00"])["pairs"]
    check.that("two occupations can be compared by their names", browser.target == "/crosswalk?left=25-2021.00&right=47-2111.00"
               and f"{len(pairs)} pair" in browser.count(), browser.target, browser.count())
    browser.open("/?q=%28%28%28mail%29%29%29")
    check.that("notes that say the same are one line", [note.text() for note in browser.root.all("p", class_="note")]
               == ["“(((mail)))” and 2 more: this parenthesis is read as a sign, not as a group; a group has an operator in it or beside it, "
                   "as in (mail OR parcel) AND sort."])
    browser.open("/crosswalk?left=nurse&right=43-9051")
    check.that("a name means what the command takes it for, though words of other titles begin with it (Nursery)",
               browser.target == "/crosswalk?left=29-1141.00&right=43-9051.00", browser.target)
    browser.open("/crosswalk?left=nurse&right=service")
    check.that("... also beside a name that fits several, which alone is asked for",
               "which one is “service”" in browser.root.text() and "which one is “nurse”" not in browser.root.text())
    browser.open("/crosswalk?left=43-&right=47-2111.00")
    choices = [link["href"] for link in browser.root.one("ul", class_="choices").all("a")]
    check.that("a name that fits several occupations lists them", len(choices) > 1 and all(browser.open(target).root.one("ol", class_="hits pairs") or True
                                                                       for target in choices) and browser.status == 200, choices)
    browser.open("/crosswalk?left=zzzz&right=47-2111.00")
    check.that("a name that fits no occupation is reported", "No occupation has “zzzz”" in browser.root.text())
    browser.open("/crosswalk?left=99-9999.99&right=clerk")
    check.that("a code that no occupation has is reported beside a name", "No occupation has “99-9999.99”" in browser.root.text())
    check.that("the map page has a form for a text", browser.open("/map").root.one("textarea")["id"] == "text")
    text = "Sorts incoming mail & <b>parcels</b>.\r\nPlugh."
    body = urllib.parse.urlencode({"other": "x", "text": text}).encode()
    browser.open("/map", method="POST", body=body, Content_Type="application/x-www-form-urlencoded")
    reply = peer.ask("map", text=text.replace("\r", ""), limit=3)
    check.that("each sentence of a text has its matches", browser.count() == f"{sum(bool(s['matches']) for s in reply['sentences'])} of "
               f"{len(reply['sentences'])} sentences matched", browser.count())
    heads = [(head.text(), [mark.text() for mark in head.all("mark")]) for head in browser.root.all("h3")]
    raw = text.replace("\r", "").encode()
    check.that("matching words of the text are marked", heads == [
        (" ".join(raw[s["start"]:s["end"]].decode().split()), [raw[a:b].decode() for a, b in (s["matches"] or [{"evidence": []}])[0]["evidence"]])
        for s in reply["sentences"]], heads)
    check.that("the text stays in the form", browser.root.one("textarea").text() == " ".join(text.split()))
    for body, kind in [(b"text=", "application/x-www-form-urlencoded"), (b"text=%", "application/x-www-form-urlencoded"),
                       (b"text=%4", "application/x-www-form-urlencoded"), (b"text=%00%0d%zz%", "application/x-www-form-urlencoded"),
                       (b"nothing", "application/x-www-form-urlencoded"), (b"x&text", "application/x-www-form-urlencoded")]:
        browser.open("/map", method="POST", body=body, Content_Type=kind)
        check.that(f"a form of {body} is answered", browser.status == 200, browser.status)
    browser.open("/map", method="POST", body=b"text=...+", Content_Type="application/x-www-form-urlencoded")
    check.that("a text without a sentence is reported", browser.count() == "The text has no sentences" and not browser.root.all("ol", class_="sentences"),
               browser.count())
    for text in (b"%ff", b"\xff", b"Route mail. %ED%A0%80 Sort it.", b"%c0%af"):
        browser.open("/map", method="POST", body=b"text=" + text, Content_Type="application/x-www-form-urlencoded")
        check.that(f"{text!r}, which is not UTF-8, has status 400", browser.status == 400 and "not UTF-8" in browser.root.one("main").text(), browser.status)
    browser.open("/map", method="POST", body=b'{"text":"x"}', Content_Type="text/plain")
    check.that("a form of another type has status 415", browser.status == 415, browser.status)
    browser.open("/map", method="POST", body=b"text=" + b"x" * 40000, Content_Type="application/x-www-form-urlencoded")
    said = browser.root.one("main").text()
    browser.open("/map", method="POST", body=b"text=" + b"x" * 70000, Content_Type="application/x-www-form-urlencoded")
    check.that("a text whose form is too long causes a page with status 413", browser.status == 413 and browser.count() == "The text is too long", browser.status)
    browser.open("/map", method="POST", body=b"text=" + b"x" * 40000, Content_Type="application/x-www-form-urlencoded")
    check.that("a text that is too long stays in the form", browser.root.one("textarea").text() == "x" * 40000)
    check.that("a text that is too long has status 400 and a message", browser.status == 400 and "The text: at most 32768 bytes." in said, said)


def check_assets(check, browser):
    browser.open("/")
    style = browser.root.one("link", rel="stylesheet")["href"]
    script = browser.root.one("script")["src"]
    sizes = [len(browser.gateway.get("/")[2])]
    for target, kind in [(style, "text/css"), (script, "text/javascript")]:
        status, headers, body = browser.gateway.get(target)
        check.that(f"{kind} is cached without expiry", status == 200 and headers["content-type"].startswith(kind)
                   and "immutable" in headers["cache-control"], headers)
        sizes.append(len(body))
    check.that("the script has at most 6 KB", sizes[2] <= 6144, sizes)
    packed = [int(browser.gateway.get(target, Accept_Encoding="gzip")[1]["content-length"]) for target in ("/?q=mail", style, script)]
    check.that("a page takes three requests and at most 25 KB", sum(packed) <= 25_600, packed)
    requests = [one for one in browser.root.all("link", "script") if one["href"] != "data:,"]
    check.that("a page loads nothing else", len(requests) == 2)


def hostile_export(number, text):
    clean = re.sub(r"[\x00-\x1f\x7f]", "", text)
    return {"schemaVersion": "1.0", "exportedAt": "2026-05-15T12:00:00.000Z",
            "occupation": {"soc": f"11-{1000 + number}.00", "title": f"Title {clean}", "group": f"Group {clean}", "sector": "55",
                           "jobZone": 2, "jobZoneInferred": False},
            "framework": {"version": f"v {clean}", "description": f"Described {clean}", "contextCovered": f"Context {clean}",
                          "attribution": f"© {clean}", "levels": {
                              level: {"label": f"Label {clean}", "statements": [f"Mail {text} — sort {level} {clean} letters {number}"]}
                              for level in LEVELS}}}


def check_hostile(check):
    with tempfile.TemporaryDirectory() as folder:
        exports = pathlib.Path(folder, "exports")
        exports.mkdir()
        for number, text in enumerate(HOSTILE):
            (exports / f"{number}.json").write_text(json.dumps(hostile_export(number, text)))
        index(pathlib.Path(folder, "index"), exports, expect=(0, 1, 3))
        daemon = Daemon(pathlib.Path(folder, "index"))
        gateway, peer = Gateway(daemon.endpoint), Peer(daemon.endpoint)
        while gateway.get("/readyz")[0] != 200:
            pass
        browser = Browser(gateway)
        hits = peer.ask(q="mail", limit=100)["hits"]
        check.that("hostile statements are in the index", len(hits) >= len(HOSTILE) * 3, len(hits))
        targets = {"/", "/?q=mail", "/?q=sort+letters&page=2", "/facet/occupation", "/facet/group", "/facet/level?q=mail", "/facet/version", "/map",
                   "/crosswalk?left=title&right=title"}
        targets |= {f"/similar?statement={urllib.parse.quote(hit['id'])}" for hit in hits}
        targets |= {f"/occupation/{hit['soc']}?words=1" for hit in hits}
        targets |= {f"/crosswalk?left={hits[0]['soc']}&right={hit['soc']}" for hit in hits}
        versions = [hit["provenance"]["version"] for hit in peer.ask(q="mail", limit=100, want=["provenance"])["hits"]]
        targets |= {f"/?q=mail&version={urllib.parse.quote_plus(version)}" for version in versions}
        for text in HOSTILE:
            quoted = urllib.parse.quote_plus(text)
            targets |= {f"/?version={quoted}&q=mail", f"/?q={quoted}", f"/?q=mail&level={quoted}", f"/?q={quoted}+AND", f"/?sector={quoted}&q=zz", f"/?q=mail&sort={quoted}",
                        f"/?occupation={quoted}", f"/facet/occupation?find={quoted}&q={quoted}", f"/facet/{quoted}", f"/occupation/{quoted}",
                        f"/occupation/11-1000.00?duty={quoted}", f"/similar?statement={quoted}", f"/crosswalk?left={quoted}&right={quoted}",
                        f"/?group={quoted}&zone={quoted}&page={quoted}", f"/?{quoted}={quoted}"}
        statuses = {}
        for target in sorted(targets):
            browser.open(target)
            statuses[browser.status] = statuses.get(browser.status, 0) + 1
        for text in HOSTILE:
            browser.open("/map", method="POST", body=urllib.parse.urlencode({"text": f"Sorts mail {text}. {text}"}).encode(),
                         Content_Type="application/x-www-form-urlencoded")
        check.that(f"hostile texts are shown as text on {browser.seen} pages", not browser.faults, browser.faults[:10])
        check.that("no hostile text causes a server error", not [status for status in statuses if status >= 500], statuses)
        chips = [browser.open(f"/?q=mail&version={urllib.parse.quote_plus(version)}").root.one("ul", class_="chips").one("bdi").text()
                 for version in versions]
        check.that("versions that are markup are shown as text", len(set(versions)) >= len(HOSTILE) - 2 and chips
                   == [" ".join(re.sub("[\ufffe\U0001ffff]", "\ufffd", version).split()) for version in versions], chips)
        plain = "<script>alert(1)</script>"
        browser.open("/?q=" + urllib.parse.quote_plus(plain))
        check.that("the search box has the exact query", browser.root.one("input", id="q")["value"] == plain)
        title = browser.open("/?q=" + urllib.parse.quote_plus("mail \u202eevil")).root.one("title").text()
        check.that("the title has no direction marks", "\u202e" not in title and "evil" in title, title)
        check.that("SIGTERM ends the gateway with 0", gateway.stop() == 0)
        daemon.stop()


def check_daemon(check, folder):
    port = Port()
    daemon = Daemon(folder, listen=port.endpoint)
    gateway = Gateway(daemon.endpoint, "--deadline-ms", "300")
    while gateway.get("/readyz")[0] != 200:
        pass
    browser = Browser(gateway)
    os.kill(daemon.process.pid, signal.SIGSTOP)
    browser.open("/?q=mail")
    check.that("a slow daemon causes a page with status 504", browser.status == 504 and "too long" in browser.count(), browser.status)
    browser.open("/map", method="POST", body=b"text=Sorts+%3Cb%3Email.", Content_Type="application/x-www-form-urlencoded")
    check.that("a text that could not be matched in time stays in the form", browser.status == 504 and browser.root.one("textarea").text() == "Sorts <b>mail.", browser.status)
    browser.open("/?q=mail")
    check.that("the page about a slow daemon links to itself", browser.root.one("main").one("a")["href"] == "")
    os.kill(daemon.process.pid, signal.SIGCONT)
    daemon.process.kill()
    daemon.process.wait()
    while browser.open("/?q=mail").status == 504:
        pass
    check.that("a missing daemon causes a page with status 503", browser.status == 503 and "does not answer" in browser.count()
               and browser.headers["retry-after"] == "1", browser.status, browser.count())
    browser.open("/map", method="POST", body=b"text=Sorts+mail.", Content_Type="application/x-www-form-urlencoded")
    check.that("a text that could not be matched without a daemon stays in the form", browser.status == 503 and browser.root.one("textarea").text() == "Sorts mail.", browser.status)
    check.that("pages that need no daemon are still served", browser.open("/map").status == browser.open("/crosswalk").status == 200)
    daemon = Daemon(folder, listen=port.endpoint)
    while browser.open("/?q=mail").status != 200:
        pass
    check.that("the gateway uses the daemon again after it returns", browser.total() > 0)
    check.that("all pages about failures are valid HTML", not browser.faults, browser.faults)
    gateway.stop()
    daemon.stop()


LATE = {"v": 1, "ok": False, "error": {"code": "deadline", "message": "the deadline passed"}}


def check_parts(check, folder):
    """A page needs several answers. If the daemon gives only some of them, the others must not look like zeros."""
    daemon = Daemon(folder)
    between = Between(daemon.endpoint)
    gateway, peer = Gateway(between.endpoint), daemon.peer()
    gateway.wait_ready()
    browser, lost = Browser(gateway), None

    def on_reply(message):
        reply = json.loads(message)
        if lost is not None and lost < len(reply.get("replies", [])):
            reply["replies"][lost] = LATE
        return json.dumps(reply, ensure_ascii=False, separators=(",", ":")).encode()

    between.on_reply = on_reply
    one = urllib.parse.quote(peer.ask(q="mail", limit=1)["hits"][0]["id"])
    for target, parts in [("/?q=mail", 6), ("/?level=emerging&q=mail", 3), (f"/similar?statement={one}", 3), (f"/occupation/{MAIL}", 2),
                          (f"/crosswalk?left={MAIL}&right=47-2111.00", 3), ("/crosswalk?left=mail&right=c", 4)]:
        lost = None
        check.that(f"{target}: a page with all answers", browser.open(target).status == 200)
        statuses = []
        for lost in range(parts):
            browser.open(target)
            statuses.append((browser.status, browser.count()))
        check.that(f"{target}: a page that lacks one of {parts} answers has status 504", statuses == [(504, "The search takes too long")] * parts, statuses)
    between.on_reply = lambda message: b'{"v":1,"id":%s,"ok":true,"generation":1,"replies":7}' % json.dumps(json.loads(message)["id"]).encode()
    for target in ("/?q=mail", f"/similar?statement={one}", f"/occupation/{MAIL}", f"/crosswalk?left={MAIL}&right=47-2111.00"):
        check.that(f"{target}: a reply without answers has status 502", browser.open(target).status == 502, browser.status)
    check.that("all pages that lack answers are valid HTML", not browser.faults, browser.faults)
    gateway.stop()
    between.stop()
    daemon.stop()


def main(check, folder):
    index(folder, CORPUS)
    daemon = Daemon(folder)
    gateway = Gateway(daemon.endpoint)
    peer = Peer(daemon.endpoint)
    while gateway.get("/readyz")[0] != 200:
        pass
    browser = Browser(gateway)
    for part in (check_first_page, check_search, check_filters, check_reading, check_nothing, check_chart, check_values,
                 check_occupation, check_sources, check_others):
        part(check, browser, peer)
    for part in (check_state, check_errors, check_assets):
        part(check, browser)
    check.that(f"{browser.seen} pages are valid HTML", not browser.faults, browser.faults[:10])
    check.that("SIGTERM ends the gateway with 0 after all pages", gateway.stop() == 0)
    daemon.stop()
    check_hostile(check)
    check_parts(check, folder)
    check_daemon(check, folder)


if __name__ == "__main__":
    sys.exit(run_checks(main))
