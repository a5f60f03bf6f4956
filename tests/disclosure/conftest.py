"""A registered demand, and who handles it."""

from tests.cases.conftest import add_recording as add_recording  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import administrator as administrator  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import dpo as dpo  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import forwarded as forwarded  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import linked as linked  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import received as received  # noqa: PLC0414 - its fixture is ours too
from tests.cases.conftest import team_manager as team_manager  # noqa: PLC0414 - its fixture is ours too
