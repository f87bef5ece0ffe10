"""The second process: load the code, call it on the arrays that come, send back what it returns.

There is no judge here and no right answer. Arrays go as the bytes of .npy files, never as pickles.
"""

import io
import warnings

import numpy as np

from derivations.judge.calling import flat
from derivations.judge.claims import claims
from derivations.judge.passes import Passes
from report.sandbox.limits import PRINTED
from report.sandbox.loading import loaded, told
from report.sandbox.outline import Outline
from report.sandbox.passes import as_functions
from report.sandbox.printing import bound_output


def answer(channel, header, source):
    """Messages: {"say": "loaded"} or "unloadable"; then, for each question, "answer" with blobs or "raised"."""
    bound_output(PRINTED // 2)
    try:
        calls = _calls(header, loaded(header, source))
    except BaseException as error:
        return channel.send({"say": "unloadable", "why": told(error)})
    channel.send({"say": "loaded"})
    while True:
        question, blobs = channel.receive()
        arrays = [np.load(io.BytesIO(blob), allow_pickle=False) for blob in blobs]
        outputs = [len(letters) for letters in header["outline"]["outputs"][question["kind"]]]
        channel.send(*_answer(calls[question["kind"]], arrays, outputs))


def _calls(header, subject):
    """{kind: call of batched arguments}, made as the judge makes them."""
    outline, options = Outline(header["outline"]), header["options"]
    variant = options["reduction"], options["targets"]
    subject = as_functions(subject, outline, options["batched"])
    if "subject" in subject:
        found = Passes(subject["subject"], outline, *variant, tuple(options["parameters"])).claims()
    else:
        found = claims(outline, subject, *variant, options["batched"], tuple(options["parameters"]))
    return {claim.kind: claim.call for claim in found}


def _answer(call, arrays, outputs):
    """The header and the blobs of the reply, read as the judge reads what is returned; outputs: their ranks."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = call(*arrays)
        return {"say": "answer"}, [packed_array(x) for x in flat(found, outputs)]
    except BaseException as error:
        return {"say": "raised", "why": told(error)}, []


def packed_array(value):
    """The bytes of a .npy file."""
    array, file = np.asarray(value), io.BytesIO()
    np.save(file, array.astype(float) if array.dtype == object else array, allow_pickle=False)
    return file.getvalue()
