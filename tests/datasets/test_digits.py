"""The shipped digits: how many, which, disjoint; and what a damaged archive says."""

import hashlib
import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from trackbench.datasets import digits
from trackbench.datasets.digits import ARCHIVE, Digits
from trackbench.errors import DamagedFileError

MEMBERS = {Digits.TRAIN: "train-images-idx3-ubyte", Digits.TEST: "t10k-images-idx3-ubyte"}


@pytest.mark.parametrize(
    ("split", "count"), [(Digits.TRAIN, 55_000), (Digits.VALIDATION, 5_000), (Digits.TEST, 10_000)]
)
def test_a_split_has_its_digits_read_only(split: Digits, count: int) -> None:
    images = digits.load(split)
    assert images.shape == (count, 28, 28)
    assert images.dtype == np.uint8
    assert not images.flags.writeable


@pytest.mark.parametrize("member", MEMBERS.values())
def test_the_archive_holds_an_idx_file_with_the_promised_header(member: str) -> None:
    count = 60_000 if member.startswith("train") else 10_000
    with zipfile.ZipFile(ARCHIVE) as archive, archive.open(member) as opened:
        header = np.frombuffer(opened.read(16), ">u4").tolist()
    assert header == [2051, count, 28, 28]


@pytest.mark.thorough
def test_the_splits_are_the_idx_files_in_order() -> None:
    with zipfile.ZipFile(ARCHIVE) as archive:
        for split, member in MEMBERS.items():
            content = archive.read(member)
            assert hashlib.sha256(content).hexdigest() == split.sha256
            parts = (Digits.TRAIN, Digits.VALIDATION) if split is Digits.TRAIN else (Digits.TEST,)
            assert b"".join(digits.load(part).tobytes() for part in parts) == content[16:]
    assert Digits.VALIDATION.sha256 == Digits.TRAIN.sha256


def test_no_image_is_in_two_splits_nor_twice_in_one() -> None:
    """Not even as a copy of another: all 70,000 differ."""
    images = [image.tobytes() for split in Digits for image in digits.load(split)]
    assert len(images) == len(set(images)) == 70_000


def test_no_digit_is_blank() -> None:
    assert min(digits.load(split).max(axis=(1, 2)).min() for split in Digits) == 254


def refused(archive: Path, split: Digits = Digits.TEST) -> str:
    """Return the message, which must be one line that names the file and says what to do."""
    with pytest.raises(DamagedFileError) as caught:
        digits.load(split, archive)
    message = str(caught.value)
    assert "\n" not in message
    assert str(archive) in message
    assert message.endswith("reinstall trackbench")
    return message


def test_a_missing_archive_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "mnist.zip")


def test_a_folder_an_empty_file_and_text_are_refused(tmp_path: Path) -> None:
    refused(tmp_path)
    path = tmp_path / "mnist.zip"
    for content in (b"", b"not a zip file\n" * 9):
        path.write_bytes(content)
        assert "cannot be read" in refused(path)


@pytest.mark.parametrize("kept", [0.001, 0.5, 0.999])
def test_a_truncated_archive_is_refused(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "mnist.zip"
    content = ARCHIVE.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "cannot be read" in refused(path)


def test_an_archive_with_a_changed_byte_of_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist.zip"
    content = bytearray(ARCHIVE.read_bytes())
    content[len(content) - 500_000] ^= 1  # within the test images, which come last
    path.write_bytes(content)
    assert "cannot be read" in refused(path)


def test_an_archive_without_the_images_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "no images")
    assert "There is no item named 't10k-images-idx3-ubyte'" in refused(path)


def test_other_images_under_the_right_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mnist.zip"
    path.write_bytes(small_archive())
    for split in Digits:
        assert "is damaged" in refused(path, split)


@pytest.mark.thorough
def test_an_archive_of_which_any_one_byte_is_changed_is_refused_in_one_line(
    tmp_path: Path,
) -> None:
    """Names, sizes, offsets, versions, flags, methods, decoder properties: whatever is hit."""
    content = small_archive()
    path = tmp_path / "mnist.zip"
    for position, byte in enumerate(content):
        for other in {0, 255, byte ^ 1, byte ^ 8} - {byte}:
            path.write_bytes(content[:position] + bytes([other]) + content[position + 1 :])
            refused(path)


@pytest.mark.thorough
def test_an_archive_with_several_bytes_changed_is_refused_in_one_line(tmp_path: Path) -> None:
    content = small_archive()
    path = tmp_path / "mnist.zip"
    chance = random.Random(0)  # noqa: S311 - no secret
    for _ in range(1500):
        changed = bytearray(content)
        for _ in range(chance.randint(2, 6)):
            # The headers at both ends are hit more often than the data between them.
            span = chance.choice([range(60), range(len(content) - 200, len(content))])
            changed[chance.choice(span)] = chance.choice([0, 255, chance.randrange(256)])
        path.write_bytes(changed)
        refused(path)


def small_archive() -> bytes:
    """Return a zip file built as ours is, with a few hundred bytes in each member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in MEMBERS.values():
            info = zipfile.ZipInfo(name, date_time=(1998, 11, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_LZMA
            archive.writestr(info, bytes(range(100)) * 3)
    return buffer.getvalue()
