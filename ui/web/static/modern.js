// Parsed only by browsers that can run the desk: older ones stop at "static {" and leave the flag unset.
class Modern { static { window.mulinModern = typeof Object.hasOwn === "function"; } }
