"""Files and folders of the program: for nobody else on the machine, and gone when they are not needed any more."""
