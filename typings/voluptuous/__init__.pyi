# Home Assistant answers `import voluptuous` with its successor.
from probatio import *
