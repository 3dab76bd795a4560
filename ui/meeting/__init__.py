"""Meeting 会议: the pieces of the recorder, for any flow that meets."""
