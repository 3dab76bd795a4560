from ui import session

session.require("page.map")
