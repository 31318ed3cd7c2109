"""A strict reader of HTML: what a browser would repair is a fault. Forms can be filled in and sent, as in a browser
without JavaScript."""

import html.parser
import re
import urllib.parse

VOID = {"meta", "link", "input", "br"}
KNOWN = VOID | set("""html head title script body a header p nav ul ol li form label div button kbd aside details summary
    fieldset legend span svg rect main h1 h2 h3 bdi b select option mark section figure text table caption thead tbody tr th
    td small blockquote pre textarea dl dt dd""".split())
ATTRIBUTES = set("""lang charset name content rel href src defer class id role action method for type value maxlength
    autocomplete autocapitalize spellcheck enterkeyhint aria-describedby aria-invalid aria-labelledby aria-label aria-hidden
    aria-atomic aria-current open form checked dir viewbox preserveaspectratio focusable width height x y tabindex start
    selected scope rows required""".split())


class Node:
    def __init__(self, tag, attributes):
        self.tag, self.attributes, self.children = tag, attributes, []

    def __getitem__(self, name):
        return self.attributes.get(name, "")

    def all(self, *tags, **wanted):
        """The elements below, in document order; attributes to match are keywords, with class_ for class."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if (not tags or child.tag in tags) and all(
                    child.attributes.get(name.rstrip("_").replace("_", "-")) == value for name, value in wanted.items()):
                found.append(child)
            found += child.all(*tags, **wanted)
        return found

    def one(self, *tags, **wanted):
        found = self.all(*tags, **wanted)
        return found[0] if found else Node("", {})

    def text(self):
        return " ".join("".join(self.parts()).split())

    def parts(self):
        for child in self.children:
            yield from [child] if isinstance(child, str) else [" "] if child.tag == "br" else child.parts()


class Document(html.parser.HTMLParser):
    """root is the tree, faults a list of texts."""

    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.faults, self.root = [], Node("", {})
        self.open = [self.root]
        text = data.decode("utf-8", "strict")
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
            self.faults.append("a control character")
        if re.search(r"&(?!(amp|lt|gt|quot|#39);)", text):
            self.faults.append("an ampersand by itself")
        self.feed(text)
        self.close()
        self.faults += [f"{node.tag} is not closed" for node in self.open[1:]]
        ids = [node["id"] for node in self.root.all() if node["id"]]
        self.faults += [f"id {name} twice" for name in set(ids) if ids.count(name) > 1]
        for node in self.root.all():
            self.faults += [f"{name} names {target}" for name in ("for", "form", "aria-labelledby", "aria-describedby")
                            for target in node[name].split() if target not in ids]
        for field in self.root.all("input", "select", "textarea"):
            if field["type"] != "hidden" and not self.root.all("label", for_=field["id"]):
                self.faults.append(f"{field.attributes} has no label")

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs})
        if tag not in KNOWN or len(node.attributes) != len(attrs) or not set(node.attributes) <= ATTRIBUTES:
            self.faults.append(f"element {tag} {attrs}")
        for name in ("href", "src", "action"):
            if not re.match(r"/(?!/)|#|$|data:,$", node[name]):
                self.faults.append(f"{name} {node[name]}")
        if tag == "script" and not node["src"].startswith("/asset/"):
            self.faults.append("a script of its own")
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> in {self.open[-1].tag}")

    def handle_data(self, data):
        self.open[-1].children.append(data)

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data}")

    def handle_pi(self, data):
        self.faults.append(f"an instruction: {data}")

    # --------------------------------------------------------------------- forms
    def send(self, form, tick=(), **values):
        """The target of a GET form: its fields have their present values, except those given by name; `tick` names
        boxes by id."""
        own = form.all("input", "select", "textarea")
        pairs = []
        for field in self.root.all("input", "select", "textarea"):
            if field["form"] != form["id"] if field["form"] else field not in own:
                continue
            value = field["value"]
            if field.tag == "select":
                options = field.all("option")
                value = ([one for one in options if "selected" in one.attributes] or options)[0]["value"]
            if field["type"] == "checkbox" and "checked" not in field.attributes and field["id"] not in tick:
                continue
            pairs.append((field["name"], values.get(field["name"], value)))
        return form["action"] + "?" + urllib.parse.urlencode(pairs)
